/**
 * Draws the lanes in sight on a canvas: bars, answers as ticks, flags, stripes of pauses, bands where
 * many were cut off, and the line that is now.
 *
 * @typedef {import("./palette.js").Palette} Palette
 * @typedef {import("./span.js").Span} Span
 * @typedef {import("./items.js").Item} Item
 * @typedef {object} Scene
 * @property {Span} span
 * @property {number} until now, or where the slider stands; nothing later is drawn
 * @property {{from: number, to: number | null}[]} pauses
 * @property {import("./bands.js").Band[]} bands
 * @property {{top: number, items: Item[], chosen: boolean}[]} rows in sight
 * @property {Item | null} item that is pointed at
 * @property {number | null} pointer a moment
 */

import { BAR, barOf } from "./bars.js";
import { GLYPHS, drawGlyph } from "./glyphs.js";

export const LANE = 24; // height of a row

const TICK = 16; // height of an answer's tick
const BADGE = 7.5; // radius
/** Marks of the same kind nearer than this are drawn as one. */
const TOGETHER_PX = 6;

/**
 * The canvas's resolution made that of the screen; its coordinates are CSS pixels.
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function prepare(canvas, width, height) {
  const ratio = devicePixelRatio || 1;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

export class Painter {
  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} height
   * @param {Palette} palette
   * @param {Span} span
   */
  constructor(context, width, height, palette, span) {
    this.context = context;
    this.width = width;
    this.height = height;
    this.palette = palette;
    this.span = span;
  }

  /** @param {number} t */
  x(t) {
    return ((t - this.span.from) / (this.span.to - this.span.from)) * this.width;
  }

  /** @param {Scene} scene */
  paint(scene) {
    const { context, palette, height } = this;
    this.behind(scene);
    for (const row of scene.rows) this.row(row, scene);
    if (scene.pointer !== null) {
      context.fillStyle = palette["ink-soft"];
      context.fillRect(Math.round(this.x(scene.pointer)), 0, 1, height);
    }
    this.now(scene.until);
  }

  /** What stands behind all lanes. @param {Scene} scene */
  behind({ pauses, bands, until, rows }) {
    const { context, palette, width, height } = this;
    const ends = Math.min(width, this.x(until));
    if (ends < width) {
      context.fillStyle = palette.sunken;
      context.fillRect(Math.max(0, ends), 0, width, height);
    }
    for (const { from, to } of pauses) {
      if (from <= until) this.stripes(this.x(from), this.x(Math.min(to ?? until, until)));
    }
    for (const { at, backAt } of bands) this.band(this.x(at), this.x(backAt));
    for (const { top, chosen } of rows) {
      context.fillStyle = chosen ? palette.accent : palette.line;
      context.globalAlpha = chosen ? 0.16 : 0.55;
      if (chosen) context.fillRect(0, top, width, LANE);
      else context.fillRect(0, top + LANE - 1, width, 1);
      context.globalAlpha = 1;
    }
  }

  /** The clock stood. @param {number} from @param {number} to */
  stripes(from, to) {
    const { context, palette, height, width } = this;
    context.fillStyle = palette["line-strong"];
    context.globalAlpha = 0.3;
    for (let x = Math.max(from, -6); x < Math.min(to, width); x += 6) context.fillRect(x, 0, Math.min(2, to - x), height);
    context.globalAlpha = 1;
  }

  /** Many were cut off. @param {number} from @param {number} to */
  band(from, to) {
    const { context, palette, height } = this;
    context.fillStyle = palette.disconnected;
    context.globalAlpha = 0.13;
    context.fillRect(from, 0, Math.max(3, to - from), height);
    context.globalAlpha = 0.8;
    context.strokeStyle = palette.disconnected;
    context.lineWidth = 1;
    context.setLineDash([2, 4]);
    context.strokeRect(Math.round(from) + 0.5, -2, Math.max(3, to - from), height + 4);
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  /**
   * @param {Scene["rows"][number]} row
   * @param {Scene} scene
   */
  row({ top, items }, { item: pointed, span }) {
    const y = top + (LANE - BAR) / 2;
    const inSight = items.filter(({ at, to }) => to >= span.from && at <= span.to);
    for (const item of inSight) {
      if (item.mark) continue;
      const [from, to] = [Math.max(-20, this.x(item.at)), Math.min(this.width + 20, this.x(item.to))];
      barOf(item)?.(this.context, from, Math.max(1, to - from), y, this.palette);
      if (same(item, pointed)) this.frame(from, y, to - from);
    }
    /** @type {Record<string, number>} */
    const drawn = {};
    for (const { at, mark } of inSight) {
      if (!mark) continue;
      const x = this.x(at);
      if (mark.type !== "saved" && x - (drawn[mark.type] ?? -Infinity) < TOGETHER_PX) continue;
      drawn[mark.type] = x;
      this.mark(mark.type, x, top + LANE / 2);
    }
    if (pointed?.mark && items.some((item) => same(item, pointed))) this.frame(this.x(pointed.at) - 9, top + 5, 18);
  }

  /**
   * @param {string} type
   * @param {number} x
   * @param {number} y the middle
   */
  mark(type, x, y) {
    const { context, palette } = this;
    if (type === "saved") return this.tick(x, y);
    if (type === "submitted") {
      context.fillStyle = palette.submitted;
      context.fillRect(x - 1.5, y - TICK / 2, 3.5, TICK);
      return drawGlyph(context, type, x + 9, y, 12, palette.submitted);
    }
    if (!(type in GLYPHS)) return undefined;
    context.fillStyle = palette.surface;
    context.strokeStyle = palette.ink;
    context.lineWidth = 1;
    context.beginPath();
    context.arc(x, y, BADGE, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
    return drawGlyph(context, type, x, y, 10, palette.ink);
  }

  /** @param {number} x @param {number} y the middle */
  tick(x, y) {
    const { context, palette } = this;
    context.fillStyle = palette.surface;
    context.fillRect(x - 1.75, y - TICK / 2, 3.5, TICK);
    context.fillStyle = palette.ink;
    context.fillRect(x - 0.75, y - TICK / 2, 1.5, TICK);
  }

  /** Around what is pointed at. @param {number} x @param {number} y @param {number} width */
  frame(x, y, width) {
    const { context, palette } = this;
    context.strokeStyle = palette.ink;
    context.lineWidth = 2;
    context.strokeRect(x - 2, y - 3, Math.max(2, width) + 4, BAR + 6);
  }

  /** @param {number} t */
  now(t) {
    const x = this.x(t);
    this.context.fillStyle = this.palette.accent;
    this.context.fillRect(Math.round(x) - 1, 0, 2, this.height);
  }
}

/**
 * Items are made anew at each draw: the same is what tells the same.
 * @param {Item} item
 * @param {Item | null} other
 */
function same(item, other) {
  if (!other || item.at !== other.at) return false;
  return item.mark ? item.mark === other.mark : !other.mark && item.segment?.kind === other.segment?.kind && item.status === other.status;
}
