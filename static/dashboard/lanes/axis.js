/** The times of day above the lanes, and what the line of now says. */

import { timeOfDay } from "../../lib/time.js";
import { ticks } from "./span.js";

export const AXIS = 26; // height

const TICK_PX = 84; // a time needs so much room
const NOW_PX = 58; // half of what the time at the line needs

/**
 * @param {import("./painter.js").Painter} painter of a canvas of this height
 * @param {number} until
 */
export function paintAxis(painter, until) {
  const { context, palette, width, span } = painter;
  const { times, step } = ticks(span, Math.max(2, Math.floor(width / TICK_PX)), offsetOf(span.from));
  const seconds = step < 60_000;
  const nowX = Math.min(width - NOW_PX / 2 - 4, Math.max(NOW_PX / 2 + 4, painter.x(until)));
  context.font = palette.font;
  context.textBaseline = "middle";
  context.textAlign = "center";
  for (const t of times) {
    const x = painter.x(t);
    context.fillStyle = palette["line-strong"];
    context.fillRect(Math.round(x), AXIS - 5, 1, 5);
    const near = Math.abs(x - nowX) < NOW_PX || x < 18 || x > width - 18;
    context.fillStyle = palette["ink-soft"];
    if (!near) context.fillText(timeOfDay(t, { seconds }), x, AXIS / 2 - 2);
  }
  context.fillStyle = palette.line;
  context.fillRect(0, AXIS - 1, width, 1);
  context.fillStyle = palette.accent;
  context.fillRect(Math.round(painter.x(until)) - 1, AXIS - 6, 2, 6);
  if (painter.x(until) >= -2 && painter.x(until) <= width + 2) context.fillText(timeOfDay(until), nowX, AXIS / 2 - 2);
}

/** The reader's zone at a moment: local minus UTC. @param {number} t */
function offsetOf(t) {
  return -new Date(t).getTimezoneOffset() * 60_000;
}
