/** The counters above the table; each is a filter. */

import { h, setAttribute, setText } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { t } from "../words/index.js";
import { counts } from "./sorting.js";

const NAMES = ["enrolled", "absent", "waiting", "online", "unstable", "disconnected", "submitted", "hand"];

export class Counters {
  /** @param {import("./parts.js").Page} page */
  constructor(page) {
    /** @type {string | null} */
    this.filter = null;
    // Pressed once more a filter is lifted.
    const choose = (/** @type {string | null} */ filter) => page.choose({ filter: filter === this.filter ? null : filter });
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

  /** @param {import("./parts.js").Look} look */
  update({ rows, choice: { filter } }) {
    this.filter = filter;
    const counted = counts(rows);
    for (const [name, { button, number }] of this.buttons) {
      const count = counted[name];
      setText(number, String(count));
      setAttribute(button, "data-none", count === 0 ? "" : null);
      setAttribute(button, "aria-pressed", String(filter === (name === "enrolled" ? null : name)));
      const label = name === "enrolled" ? "counter.all" : "counter.label";
      setAttribute(button, "aria-label", t(label, { name: t(`counter.${name}`), count }));
    }
  }
}
