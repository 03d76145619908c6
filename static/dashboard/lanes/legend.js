/** What the signs mean, and what the picture can and cannot know. */

import { h } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { BAR, BARS } from "./bars.js";
import { GLYPHS, drawGlyph } from "./glyphs.js";
import { Painter, prepare } from "./painter.js";

const SAMPLE = { width: 34, height: 18 };
const STRETCHES = ["waiting", "online", "away", "unstable", "disconnected", "left"];
const FLAGS = ["message", "extended", "given_back", "hand_raised", "note", "late_answer", "taken_over", "reopened"];
const NOTES = ["saved", "hidden", "silent", "replay"];

export class Legend {
  constructor() {
    /** @type {[HTMLCanvasElement, string][]} */
    this.samples = [...STRETCHES, "saved", "submitted", "pause", "band", "now", ...FLAGS].map((name) => [h("canvas", { "aria-hidden": "true" }), name]);
    const lines = this.samples.map(([canvas, name]) => h("li", {}, canvas, t(`lanes.legend.${name}`)));
    const notes = NOTES.map((name) => h("li", {}, t(`lanes.knows.${name}`)));
    this.element = h(
      "details",
      { class: "lanes-legend", ontoggle: () => this.changed() },
      h("summary", {}, t("lanes.legend")),
      h("ul", { class: "lanes-samples" }, ...lines),
      h("p", { class: "small" }, t("lanes.keys")),
      h("ul", { class: "small lanes-knows" }, ...notes),
    );
    this.changed = () => {};
  }

  /** @param {import("./palette.js").Palette} palette */
  paint(palette) {
    if (!this.element.open) return;
    for (const [canvas, name] of this.samples) {
      const context = prepare(canvas, SAMPLE.width, SAMPLE.height);
      const { width, height } = SAMPLE;
      const painter = new Painter(context, width, height, palette, { from: 0, to: width });
      const y = (height - BAR) / 2;
      if (name in BARS && name !== "submitted") BARS[name](context, 2, width - 4, y, palette);
      else if (name === "pause") painter.stripes(2, width - 2);
      else if (name === "band") painter.band(8, width - 8);
      else if (name === "now") painter.now(width / 2);
      else if (name === "saved") painter.tick(width / 2, height / 2);
      else if (name === "submitted") painter.mark(name, 8, height / 2);
      else if (name in GLYPHS) drawGlyph(context, name, width / 2, height / 2, 13, palette.ink);
    }
  }
}
