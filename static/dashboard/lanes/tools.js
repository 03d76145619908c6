/** Buttons for the stretch of time in sight. */

import { h, setAttribute } from "../../lib/dom.js";
import { t } from "../../words/index.js";

const ZOOM = 1.6;
const STEP = 0.3;

export class Tools {
  /** @param {import("./board.js").Board} board */
  constructor(board) {
    const button = (/** @type {string} */ name, /** @type {string} */ sign, /** @type {() => void} */ act) =>
      h("button", { type: "button", class: "lanes-tool", "aria-label": t(`lanes.tool.${name}`), title: t(`lanes.tool.${name}`), onclick: act }, sign);
    this.nearer = button("in", "+", () => board.zoom(ZOOM));
    this.farther = button("out", "−", () => board.zoom(1 / ZOOM));
    this.earlier = button("earlier", "‹", () => board.pan(-STEP));
    this.later = button("later", "›", () => board.pan(STEP));
    this.whole = h("button", { type: "button", class: "lanes-tool wide", onclick: () => board.showWhole() }, t("lanes.tool.whole"));
    this.now = h("button", { type: "button", class: "lanes-tool wide", onclick: () => board.showNow() }, t("lanes.tool.now"));
    this.element = h("div", { class: "row lanes-tools", role: "group", "aria-label": t("lanes.tools") }, this.farther, this.nearer, this.earlier, this.later, this.whole, this.now);
  }

  /** @param {import("./sight.js").Sight} sight */
  update({ mode }) {
    setAttribute(this.whole, "aria-pressed", String(mode === "whole"));
    setAttribute(this.now, "aria-pressed", String(mode === "now"));
    this.farther.disabled = mode === "whole";
    this.earlier.disabled = mode === "whole";
    this.later.disabled = mode !== "still";
  }
}
