/** Small signs on a lane, each of its own form, on a field of 16 × 16. */

import { SHAPES } from "../../lib/shapes.js";

const LINE = (/** @type {string} */ d, width = 1.9) => ({ line: /** @type {[string, number][]} */ ([[d, width]]) });

/** By type of event. @type {Record<string, {fill?: string[], line?: [string, number][]}>} */
export const GLYPHS = {
  message: { fill: ["M2.5 3h11a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1H8l-3.5 3v-3h-2a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z"] },
  extended: LINE("M8 2.5v11M2.5 8h11", 2.4),
  given_back: LINE("M4 4.5A5.5 5.5 0 1 1 2.6 8.6M4.2 1.5v3.4h3.4"),
  hand_raised: SHAPES.hand,
  note: LINE("M3.5 2.5h9v11h-9zM6 6h4M6 9h4", 1.5),
  late_answer: SHAPES.alert,
  late_accepted: LINE("M8 2v5.5M3 11.5l2.4 2.4L12.5 9"),
  late_left: LINE("M8 2v5.5M5 10l6 5M11 10l-6 5"),
  answer_superseded: LINE("M2.5 5.5h8M7.5 2.5l3 3-3 3M13.5 10.5h-8M8.5 7.5l-3 3 3 3", 1.4),
  reopened: SHAPES.back,
  taken_over: LINE("M2.5 5.5h7v8h-7zM6.5 5.5v-3h7v8h-4", 1.5),
  submitted: SHAPES.submitted,
  completed: SHAPES.submitted,
  cancelled: SHAPES.cancelled,
  edited: LINE("M3 13l1-3.5L11 2.5l2.5 2.5-7 7z", 1.5),
  roster: LINE("M5 4h9M5 8h9M5 12h9M2 4h.01M2 8h.01M2 12h.01", 1.8),
};

/** @type {Map<string, Path2D>} */
const paths = new Map();

/** @param {string} d */
function path(d) {
  let made = paths.get(d);
  if (!made) {
    made = new Path2D(d);
    paths.set(d, made);
  }
  return made;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} type of GLYPHS
 * @param {number} x the middle
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 */
export function drawGlyph(context, type, x, y, size, colour) {
  const { fill = [], line = [] } = GLYPHS[type] ?? {};
  context.save();
  context.translate(x - size / 2, y - size / 2);
  context.scale(size / 16, size / 16);
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const d of fill) context.fill(path(d));
  for (const [d, width] of line) {
    context.lineWidth = width;
    context.stroke(path(d));
  }
  context.restore();
}
