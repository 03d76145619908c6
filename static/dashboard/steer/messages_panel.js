/** Every message of the sitting, to whom it went, and who has got and read it. */

import { arrange, h, setText, show } from "../../lib/dom.js";
import { timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { nameList, nameOf } from "./names.js";
import { messagesOf, receiptsOf } from "./receipts.js";

export class MessagesPanel {
  /** @param {import("./steer.js").Steer} steer */
  constructor(steer) {
    this.steer = steer;
    this.sent = 0;
    /** @type {Map<string, MessageView>} */
    this.views = new Map();
    this.write = h("button", { type: "button", onclick: () => steer.run("message", null) }, t("steer.messages.write"));
    this.none = h("p", { class: "soft" }, t("steer.messages.none"));
    this.list = h("ul", { class: "plain message-log" });
    this.element = h("section", { class: "card panel stack tight", "aria-label": t("steer.panel.messages") }, h("div", { class: "row" }, this.write), this.none, this.list);
  }

  count() {
    return this.sent;
  }

  /**
   * @param {import("../parts.js").Look} look
   * @param {boolean} open
   */
  update({ state, may }, open) {
    this.sent = state.messages.size;
    if (!open) return;
    show(this.write, may.steer && !["COMPLETED", "CANCELLED"].includes(state.session.status));
    show(this.none, this.sent === 0);
    arrange(this.list, messagesOf(state).map((message) => this.view(message.id).update(state, message)));
  }

  /** @param {string} id */
  view(id) {
    const view = this.views.get(id) ?? new MessageView();
    this.views.set(id, view);
    return view;
  }
}

class MessageView {
  constructor() {
    this.head = h("p", { class: "soft small" });
    this.text = h("p", { class: "text" });
    this.summary = h("summary", { class: "small numbers" });
    this.people = h("ul", { class: "plain receipts small" });
    this.details = h("details", { ontoggle: () => this.list() }, this.summary, this.people);
    this.element = h("li", {}, this.head, this.text, this.details);
    /** @type {any[]} what was drawn: nothing of it changes but as a whole */
    this.drawn = [];
    /** @type {import("./receipts.js").Receipts | null} */
    this.receipts = null;
  }

  /**
   * @param {import("../state.js").State} state
   * @param {any} message
   * @returns {HTMLElement}
   */
  update(state, message) {
    const { students, participants } = state;
    const now = [message, students, message.student_ids === null ? participants.size : 0];
    if (now.every((value, at) => value === this.drawn[at])) return this.element;
    this.drawn = now;
    const receipts = receiptsOf(state, message);
    this.receipts = receipts;
    const whom = message.student_ids === null ? t("steer.everyone") : nameList(message.student_ids.map((/** @type {string} */ id) => nameOf(state, id)), 3);
    setText(this.head, t("steer.messages.head", { time: timeOfDay(message.sent_at, { seconds: false }), whom }));
    setText(this.text, message.text);
    setText(this.summary, t("steer.messages.receipts", { delivered: receipts.delivered, read: receipts.read, count: receipts.to.length }));
    this.list();
    return this.element;
  }

  /** Who has got it, only while it is looked at. */
  list() {
    if (!this.details.open || !this.receipts) return;
    this.people.replaceChildren(
      ...this.receipts.to.map(({ name, deliveredAt, readAt }) => {
        const words =
          readAt !== null
            ? t("steer.messages.read", { time: timeOfDay(readAt) })
            : deliveredAt !== null
              ? t("steer.messages.delivered", { time: timeOfDay(deliveredAt) })
              : t("steer.messages.missing");
        return h("li", { "data-got": deliveredAt === null ? "no" : "yes" }, h("strong", {}, name), ` ${words}`);
      }),
    );
  }
}
