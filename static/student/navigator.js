/** All questions at a glance: which are answered, which are flagged, where one is. */

import { h, setAttribute } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { t } from "../words/index.js";

export class Navigator {
  /**
   * @param {any[]} questions
   * @param {(index: number) => void} go
   */
  constructor(questions, go) {
    this.buttons = questions.map((_, i) =>
      h("button", { type: "button", class: "step numbers", onclick: () => go(i) }, String(i + 1), shape("flag")),
    );
    this.element = h(
      "nav",
      { class: "navigator", "aria-label": t("navigator.label") },
      h("ol", {}, ...this.buttons.map((button) => h("li", {}, button))),
    );
  }

  /**
   * @param {number} current
   * @param {{open: number[], flagged: number[]}} progress
   */
  update(current, { open, flagged }) {
    for (const [i, button] of this.buttons.entries()) {
      const number = i + 1;
      const isOpen = open.includes(number);
      const states = [t(isOpen ? "navigator.open" : "navigator.answered")];
      if (flagged.includes(number)) states.push(t("navigator.flagged"));
      setAttribute(button, "data-answered", isOpen ? null : "");
      setAttribute(button, "data-flagged", flagged.includes(number) ? "" : null);
      setAttribute(button, "aria-current", i === current ? "step" : null);
      setAttribute(button, "aria-label", t("navigator.item", { number, state: states.join(", ") }));
    }
  }
}
