/** The messages to one student, and whether they have arrived and been read. */

import { h, show } from "../../lib/dom.js";
import { shape } from "../../lib/shapes.js";
import { timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { Section } from "./section.js";

export class MessagesView extends Section {
  /** @param {import("./people.js").People} people */
  constructor(people) {
    super();
    this.people = people;
    this.nothing = h("p", { class: "soft" }, t("drawer.messages.none"));
    this.list = h("ul", { class: "stack messages" });
    this.element = h("div", { class: "stack" }, this.nothing, this.list);
  }

  /** @param {import("./section.js").Sight} sight */
  update({ look: { state }, row }) {
    if (!this.isNew(state.messages, this.people.known)) return;
    const messages = messagesTo(state, row.id);
    show(this.nothing, messages.length === 0);
    this.list.replaceChildren(...messages.map((message) => this.item(message, row.id)));
  }

  /**
   * @param {any} message
   * @param {string} studentId
   */
  item({ text, sent_at, sent_by, student_ids, delivered, read }, studentId) {
    const [mark, receipt] = receiptWords(delivered[studentId], read[studentId]);
    const about = [timeOfDay(sent_at), t("drawer.by", { name: this.people.name(sent_by) }), student_ids === null && t("drawer.messages.all")];
    return h(
      "li",
      { class: "stack tight" },
      h("p", { class: "soft small numbers" }, about.filter(Boolean).join(" · ")),
      h("p", { class: "pre" }, text),
      h("p", { class: "small numbers" }, shape(mark), " ", receipt),
    );
  }
}

/**
 * @param {import("../state.js").State} state
 * @param {string} studentId
 * @returns {any[]} the newest first
 */
export function messagesTo(state, studentId) {
  return [...state.messages.values()]
    .filter(({ student_ids }) => student_ids === null || student_ids.includes(studentId))
    .sort((a, b) => (a.sent_at < b.sent_at ? 1 : -1));
}

/**
 * @param {string | undefined} deliveredAt
 * @param {string | undefined} readAt
 * @returns {[string, string]} shape and words
 */
function receiptWords(deliveredAt, readAt) {
  if (readAt) return ["submitted", t("drawer.messages.read", { time: timeOfDay(readAt) })];
  if (deliveredAt) return ["unstable", t("drawer.messages.delivered", { time: timeOfDay(deliveredAt) })];
  return ["disconnected", t("drawer.messages.sent")];
}
