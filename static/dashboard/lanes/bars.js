/**
 * How a stretch of a lane is drawn: every kind has a form of its own, not only a colour.
 *
 * @typedef {import("./palette.js").Palette} Palette
 * @typedef {CanvasRenderingContext2D} Context
 */

export const BAR = 10; // height

/** @typedef {(context: Context, x: number, width: number, y: number, palette: Palette) => void} Draw */

/** Solid. @type {Draw} */
function online(context, x, width, y, palette) {
  context.fillStyle = palette.online;
  context.fillRect(x, y, width, BAR);
}

/** Half of it shaded: there, but looking at something else. @type {Draw} */
function away(context, x, width, y, palette) {
  context.fillStyle = palette["line-strong"];
  context.globalAlpha = 0.35;
  context.fillRect(x, y, width, BAR / 2);
  context.globalAlpha = 1;
  context.fillStyle = palette.online;
  context.fillRect(x, y + BAR / 2, width, BAR / 2);
}

/** Hollow. @type {Draw} */
function waiting(context, x, width, y, palette) {
  context.strokeStyle = palette.waiting;
  context.lineWidth = 1.5;
  context.strokeRect(x + 0.75, y + 0.75, Math.max(0.5, width - 1.5), BAR - 1.5);
}

/** Hatched. @type {Draw} */
function unstable(context, x, width, y, palette) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, BAR);
  context.clip();
  context.strokeStyle = palette.unstable;
  context.lineWidth = 1.8;
  context.beginPath();
  for (let at = x - BAR; at < x + width; at += 5) {
    context.moveTo(at, y + BAR);
    context.lineTo(at + BAR, y);
  }
  context.rect(x, y, width, BAR);
  context.stroke();
  context.restore();
}

/** A gap with a thin dashed line, between two ends. @type {Draw} */
function lost(context, x, width, y, palette) {
  gap(context, x, width, y, palette.disconnected, [3, 3]);
  context.fillStyle = palette.disconnected;
  context.fillRect(x, y, Math.min(2, width), BAR);
  if (width > 4) context.fillRect(x + width - 2, y, 2, BAR);
}

/** A gap with dots: left on purpose. @type {Draw} */
function left(context, x, width, y, palette) {
  gap(context, x, width, y, palette.absent, [1.5, 4]);
}

/** Nothing is to come: a thin line. @type {Draw} */
function submitted(context, x, width, y, palette) {
  context.fillStyle = palette.line;
  context.fillRect(x, y + BAR / 2 - 0.5, width, 1);
}

/** Of the sitting: stopped. @type {Draw} */
function paused(context, x, width, y, palette) {
  context.fillStyle = palette["line-strong"];
  for (let at = x; at < x + width; at += 6) context.fillRect(at, y, Math.min(2.5, x + width - at), BAR);
}

/** Of the sitting: it runs. @type {Draw} */
function running(context, x, width, y, palette) {
  context.fillStyle = palette.accent;
  context.fillRect(x, y, width, BAR);
}

/** @type {Record<string, Draw>} by segment kind, `away`, `left`, or the sitting's status */
export const BARS = { online, away, waiting, unstable, disconnected: lost, left, submitted, PAUSED: paused, IN_PROGRESS: running, WAITING_FOR_STUDENTS: waiting };

/**
 * @param {Context} context
 * @param {number} x
 * @param {number} width
 * @param {number} y
 * @param {string} colour
 * @param {number[]} dashes
 */
function gap(context, x, width, y, colour, dashes) {
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.setLineDash(dashes);
  context.beginPath();
  context.moveTo(x, y + BAR / 2);
  context.lineTo(x + width, y + BAR / 2);
  context.stroke();
  context.setLineDash([]);
}

/** @param {import("./items.js").Item} item a stretch */
export function barOf({ segment, status }) {
  if (!segment) return BARS[status ?? ""];
  if (segment.left) return left;
  return segment.away ? away : BARS[segment.kind];
}
