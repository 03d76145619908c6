/**
 * Which stretch of time is in sight, and how it goes on: the whole sitting as it grows, a stretch
 * that ends with now, or one that stands still because somebody looks at it. Pure.
 *
 * @typedef {import("./span.js").Span} Span
 */

import { moved, showing, whole, zoomed } from "./span.js";

export class Sight {
  constructor() {
    /** @type {"whole" | "now" | "still"} */
    this.mode = "whole";
    /** @type {Span} */
    this.all = whole(0, 0);
    /** @type {Span} */
    this.span = this.all;
  }

  /**
   * @param {number} from the first there is to see
   * @param {number} to the last
   */
  grow(from, to) {
    this.all = whole(from, to);
    if (this.mode === "whole") this.span = this.all;
    else if (this.mode === "now") this.span = moved(this.span, this.all.to - this.span.to, this.all);
    else this.span = moved(this.span, 0, this.all);
  }

  showWhole() {
    this.mode = "whole";
    this.span = this.all;
  }

  /** Go on with now, as near as it is. */
  showNow() {
    this.mode = "now";
    this.span = moved(this.span, this.all.to - this.span.to, this.all);
  }

  /**
   * @param {number} factor above 1: nearer
   * @param {number} anchor a moment that stays where it is
   */
  zoom(factor, anchor) {
    this.become(zoomed(this.span, factor, anchor, this.all));
  }

  /** @param {number} share of what is in sight; negative: earlier */
  pan(share) {
    this.become(moved(this.span, share * (this.span.to - this.span.from), this.all));
  }

  /** @param {number} t */
  reveal(t) {
    const span = showing(this.span, t, this.all);
    if (span !== this.span) this.become(span);
  }

  /** @param {Span} span */
  become(span) {
    const { all } = this;
    this.span = span;
    const rest = all.to - span.to;
    if (span.to - span.from >= all.to - all.from) this.mode = "whole";
    else this.mode = rest <= 0.005 * (span.to - span.from) ? "now" : "still";
  }
}
