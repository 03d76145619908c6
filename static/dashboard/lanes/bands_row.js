/** Where many were cut off at once, as buttons above the lanes. */

import { h, setAttribute, setText } from "../../lib/dom.js";
import { shape } from "../../lib/shapes.js";
import { t } from "../../words/index.js";
import { bandWords } from "./words.js";

/** @typedef {import("./bands.js").Band} Band */

export class BandsRow {
  /** @param {import("./hand.js").Hand} hand */
  constructor(hand) {
    this.hand = hand;
    this.element = h("div", { class: "lanes-bands", role: "group", "aria-label": t("lanes.bands") });
    /** @type {Map<string, {button: HTMLElement, count: HTMLElement, band: Band}>} */
    this.made = new Map();
  }

  /**
   * @param {Band[]} bands
   * @param {(t: number) => number} x of a moment
   * @param {number} width
   * @param {boolean} mayGive
   * @param {(id: string) => string} nameOf
   */
  update(bands, x, width, mayGive, nameOf) {
    const keys = new Set(bands.map(({ key }) => key));
    for (const [key, { button }] of this.made) {
      if (keys.has(key)) continue;
      button.remove();
      this.made.delete(key);
    }
    for (const band of bands) {
      const made = this.made.get(band.key) ?? this.make(band);
      made.band = band;
      const at = x(band.at);
      setText(made.count, String(band.ids.length));
      const words = bandWords(band, nameOf);
      setAttribute(made.button, "aria-label", mayGive ? `${words}. ${t("lanes.band.give", { count: band.ids.length })}` : words);
      setAttribute(made.button, "data-out", at < -1 || at > width + 1 ? "" : null);
      made.button.style.insetInlineStart = `${Math.min(Math.max(at, 0), width - 48)}px`;
    }
  }

  /** @param {Band} band */
  make(band) {
    const count = h("span", { class: "numbers" });
    const button = h(
      "button",
      {
        type: "button",
        class: "lanes-band",
        onclick: () => this.hand.chooseBand(made.band),
        onpointerenter: () => this.hand.pointBand(made.band),
        onpointerleave: () => this.hand.pointBand(null),
        onfocus: () => this.hand.pointBand(made.band),
        onblur: () => this.hand.pointBand(null),
      },
      shape("disconnected"),
      count,
    );
    const made = { button, count, band };
    this.made.set(band.key, made);
    this.element.append(button);
    return made;
  }
}
