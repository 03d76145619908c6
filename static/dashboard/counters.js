/** The counters above the table; each is a filter. */

import { h, setAttribute, setText } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { t } from "../words/index.js";

const NAMES = ["enrolled", "absent", "waiting", "online", "unstable", "disconnected", "submitted", "hand"];

export class Counters {
  /** @param {(filter: string | null) => void} choose */
  constructor(choose) {
    this.buttons = new Map(
      NAMES.map((name) => {
        const number = h("span", { class: "numbers count" }, "0");
        const filter = name === "enrolled" ? null : name;
        const button = h(
          "button",
          { type: "button", class: "counter", "data-status": name, onclick: () => choose(filter) },
          number,
          name === "enrolled" ? null : shape(name),
          h("span", {}, t(`counter.${name}`)),
        );
        return [name, { button, number }];
      }),
    );
    this.element = h("div", { class: "counters", role: "group" }, ...[...this.buttons.values()].map(({ button }) => button));
  }

  /**
   * @param {Record<string, number>} counts
   * @param {string | null} filter
   */
  update(counts, filter) {
    for (const [name, { button, number }] of this.buttons) {
      const count = counts[name];
      setText(number, String(count));
      setAttribute(button, "data-none", count === 0 ? "" : null);
      setAttribute(button, "aria-pressed", String(filter === (name === "enrolled" ? null : name)));
      const label = name === "enrolled" ? "counter.all" : "counter.label";
      setAttribute(button, "aria-label", t(label, { name: t(`counter.${name}`), count }));
    }
  }
}
