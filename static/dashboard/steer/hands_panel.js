/** Who has put up a hand, who waits longest first; answered by a message, or lowered. */

import { arrange, h, setText, show } from "../../lib/dom.js";
import { age } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { queue } from "./hands.js";

export class HandsPanel {
  /** @param {import("./steer.js").Steer} steer */
  constructor(steer) {
    this.steer = steer;
    this.waiting = 0;
    /** @type {Map<string, ReturnType<HandsPanel["item"]>>} */
    this.items = new Map();
    this.list = h("ol", { class: "plain hands" });
    this.nobody = h("p", { class: "soft" }, t("steer.hands.none"));
    this.all = h("button", { type: "button", onclick: () => steer.run("lower_hands", null) }, t("steer.hands.lower_all"));
    this.element = h("section", { class: "card panel stack tight", "aria-label": t("steer.panel.hands") }, this.nobody, this.list, h("div", { class: "row" }, this.all));
  }

  count() {
    return this.waiting;
  }

  /**
   * @param {import("../parts.js").Look} look
   * @param {boolean} open
   */
  update({ rows, now, may }, open) {
    const hands = queue(rows, now);
    this.waiting = hands.length;
    if (!open) return;
    show(this.nobody, hands.length === 0);
    show(this.all, may.steer && hands.length > 1);
    for (const id of this.items.keys()) if (!hands.some((hand) => hand.id === id)) this.items.delete(id);
    arrange(this.list, hands.map((hand) => this.shown(hand, may.steer)));
  }

  /**
   * @param {import("./hands.js").Hand} hand
   * @param {boolean} steered
   * @returns {HTMLElement}
   */
  shown(hand, steered) {
    const item = this.items.get(hand.id) ?? this.item(hand.id);
    this.items.set(hand.id, item);
    item.text = hand.text;
    setText(item.name, hand.name);
    setText(item.waited, age(hand.waitedMs));
    setText(item.words, hand.text);
    show(item.acts, steered);
    return item.element;
  }

  /** @param {string} id */
  item(id) {
    const name = h("button", { type: "button", class: "bare name", onclick: () => this.steer.page.openStudent(id) });
    const waited = h("span", { class: "numbers soft waited" });
    const words = h("span", { class: "words" });
    const answer = h("button", { type: "button", onclick: () => this.steer.run("message", [id], { quote: item.text, lower: true }) }, t("steer.hands.answer"));
    const lower = h("button", { type: "button", onclick: () => this.steer.run("lower_hands", [id]) }, t("steer.hands.lower"));
    const acts = h("span", { class: "row push" }, answer, lower);
    const element = h("li", { class: "row", "data-student": id }, name, waited, words, acts);
    const item = { element, name, waited, words, acts, text: "" };
    return item;
  }
}
