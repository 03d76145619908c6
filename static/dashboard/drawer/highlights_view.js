/** A student's highlights as they are now, in the passages. */

import { h, show } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { passageMarks } from "./passage_marks.js";
import { Section } from "./section.js";

export class HighlightsView extends Section {
  constructor() {
    super();
    this.nothing = h("p", { class: "soft" }, t("drawer.highlights.none"));
    this.passages = h("div", { class: "stack" });
    this.element = h("div", { class: "stack" }, this.nothing, this.passages);
    this.drawn = "";
  }

  /** @param {import("./section.js").Sight} sight */
  update({ look, attempt }) {
    if (!this.isNew(attempt, look.names)) return;
    const highlights = attempt?.highlighted_text ?? [];
    show(this.nothing, highlights.length === 0);
    const key = JSON.stringify([look.names.test !== null, highlights]);
    if (key === this.drawn) return;
    this.drawn = key;
    const scrolled = new Map([...this.passages.children].map((one) => [one.dataset.passage, one.querySelector(".passage-text").scrollTop]));
    const marked = (look.names.test?.passages ?? [])
      .map((/** @type {any} */ passage) => [passage, highlights.filter((/** @type {any} */ one) => one.passage_id === passage.id)])
      .filter(([, own]) => own.length > 0);
    this.passages.replaceChildren(...marked.map(([passage, own]) => passageMarks(passage, own)));
    for (const one of this.passages.children) one.querySelector(".passage-text").scrollTop = scrolled.get(one.dataset.passage) ?? 0;
  }
}
