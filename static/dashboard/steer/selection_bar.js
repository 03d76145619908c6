/** What can be done with those who are ticked; it keeps to the bottom of the window while there are any. */

import { h, setText, show } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { isExtendable } from "./extend_preview.js";

/** Before the start, and while it runs. */
const NAMES = ["extend", "message", "force_submit", "reopen", "give_back", "lower_hands"];
const BEFORE = new Set(["extend", "message"]);
const NEEDS_TIME = new Set(["extend", "give_back"]);

export class SelectionBar {
  /**
   * @param {import("./steer.js").Steer} steer
   */
  constructor(steer) {
    this.steer = steer;
    /** @type {string[]} */
    this.ids = [];
    this.count = h("strong", { class: "numbers" });
    this.buttons = new Map(
      NAMES.map((name) => [name, h("button", { type: "button", "data-command": name, onclick: () => steer.run(name, this.ids) }, t(`steer.selected.${name}`))]),
    );
    const clear = h("button", { type: "button", class: "bare", onclick: () => steer.page.select([]) }, t("steer.selected.clear"));
    this.element = h(
      "div",
      { class: "row selection-bar", role: "region", "aria-label": t("steer.selected.label"), hidden: true },
      this.count,
      ...this.buttons.values(),
      clear,
    );
  }

  /** @param {import("../parts.js").Look} look */
  update({ state: { session }, selection, may }) {
    const over = ["COMPLETED", "CANCELLED"].includes(session.status);
    this.ids = [...selection];
    show(this.element, may.steer && this.ids.length > 0);
    setText(this.count, t("steer.selected.count", { count: this.ids.length }));
    for (const [name, button] of this.buttons) {
      const now = session.status === "IN_PROGRESS" || (BEFORE.has(name) && !over);
      show(button, now && (!NEEDS_TIME.has(name) || isExtendable(session)));
    }
  }
}
