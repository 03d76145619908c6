/** A student's history in words, the newest on top; lines that stay are not touched. */

import { arrange, h, show } from "../../lib/dom.js";
import { shape } from "../../lib/shapes.js";
import { timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { questionName } from "../row_view.js";
import { Section } from "./section.js";
import { timelineOf } from "./timeline.js";

/** @typedef {import("./timeline.js").Line} Line */

export class TimelineView extends Section {
  /** @param {import("./people.js").People} people */
  constructor(people) {
    super();
    this.people = people;
    /** @type {Map<string, {key: string, element: HTMLElement}>} by line */
    this.lines = new Map();
    this.nothing = h("p", { class: "soft" });
    this.list = h("ol", { class: "timeline" });
    this.element = h("div", { class: "stack" }, this.nothing, this.list);
  }

  /** @param {import("./section.js").Sight} sight */
  update({ look, row, events, loaded }) {
    if (!this.isNew(events, loaded, look.names, this.people.known)) return;
    const lines = timelineOf(events, row.id).reverse();
    show(this.nothing, lines.length === 0);
    this.nothing.textContent = t(loaded ? "drawer.history.none" : "drawer.loading");
    arrange(this.list, lines.map((line) => this.lineView(line, look.names)));
  }

  /**
   * @param {Line} line
   * @param {import("../parts.js").Names} names
   */
  lineView(line, names) {
    const told = [line.actorId && t("drawer.by", { name: this.people.name(line.actorId) }), line.reason && t("drawer.quote", { text: line.reason })];
    const words = lineWords(line, (id) => questionName(names, id));
    const key = JSON.stringify([line, words, told]);
    const known = this.lines.get(line.id);
    if (known?.key === key) return known.element;
    const times = [line.at, line.until].filter(Boolean).map((at) => timeOfDay(at));
    const time = [...new Set(times)].join("–");
    const more = told.filter(Boolean).join(" · ");
    const element = h(
      "li",
      { "data-kind": line.kind },
      h("time", { datetime: line.at }, time),
      h("div", {}, h("p", {}, shape(line.shape), " ", words), line.text ? h("p", { class: "pre said" }, line.text) : null, more ? h("p", { class: "soft small" }, more) : null),
    );
    this.lines.set(line.id, { key, element });
    return element;
  }
}

/**
 * @param {Line} line
 * @param {(questionId: string) => string} questionWords
 * @returns {string}
 */
export function lineWords({ kind, values, questionIds, fields }, questionWords) {
  return t(`drawer.event.${kind}`, {
    ...values,
    questions: questionIds.map(questionWords).join(", "),
    fields: fields.map((field) => t(`drawer.field.${field}`)).join(", "),
  });
}
