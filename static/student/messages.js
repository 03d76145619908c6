/** What the teacher has written: in the way until it is read, then gone from sight. */

import { arrange, h, setText, show } from "../lib/dom.js";
import { timeOfDay } from "../lib/time.js";
import { t } from "../words/index.js";

export class Messages {
  /** @param {(id: string) => void} read */
  constructor(read) {
    this.read = read;
    this.unread = h("div", { class: "messages", role: "region", "aria-live": "assertive" });
    this.summary = h("summary", {});
    this.old = h("ul", {});
    this.history = h("details", { class: "history small", hidden: true }, this.summary, this.old);
    /** @type {Map<string, HTMLElement>} */
    this.cards = new Map();
  }

  /** @param {any[]} messages */
  update(messages) {
    const fresh = messages.filter(({ read }) => !read);
    arrange(this.unread, fresh.map((message) => this.card(message)));
    show(this.history, messages.length > 0);
    setText(this.summary, t("message.list", { count: messages.length }));
    if (this.old.children.length !== messages.length) {
      this.old.replaceChildren(
        ...messages.map(({ text, sent_at }) => h("li", {}, h("time", { class: "soft" }, timeOfDay(sent_at, { seconds: false })), ` ${text}`)),
      );
    }
  }

  /** @param {any} message */
  card({ id, text, sent_at }) {
    let card = this.cards.get(id);
    if (!card) {
      const from = t("message.from", { time: timeOfDay(sent_at, { seconds: false }) });
      card = h(
        "div",
        { class: "message" },
        h("p", { class: "small" }, from),
        h("p", { class: "text" }, text),
        h("button", { type: "button", class: "main", onclick: () => this.read(id) }, t("message.ok")),
      );
      this.cards.set(id, /** @type {HTMLElement} */ (card));
    }
    return /** @type {HTMLElement} */ (card);
  }
}
