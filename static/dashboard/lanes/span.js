/**
 * The stretch of time in sight, and the times written along it. Pure; milliseconds.
 *
 * @typedef {{from: number, to: number}} Span
 */

/** Nobody needs to see less than this across the page. */
const SHORTEST_MS = 10_000;
/** A picture that has just begun is not stretched to the full width. */
const FIRST_MS = 60_000;
const S = 1_000;
const M = 60 * S;
const H = 60 * M;
const STEPS = [S, 2 * S, 5 * S, 10 * S, 15 * S, 30 * S, M, 2 * M, 5 * M, 10 * M, 15 * M, 30 * M, H, 2 * H, 3 * H, 6 * H, 12 * H, 24 * H];

/**
 * All there is to see, with a little room behind.
 * @param {number} from
 * @param {number} to
 * @returns {Span}
 */
export function whole(from, to) {
  const length = Math.max(FIRST_MS, to - from);
  return { from: from - length * 0.01, to: from + length * 1.03 };
}

/**
 * @param {Span} span
 * @param {number} factor above 1: nearer
 * @param {number} anchor a moment that stays where it is
 * @param {Span} all
 * @returns {Span}
 */
export function zoomed(span, factor, anchor, all) {
  const longest = all.to - all.from;
  const length = Math.min(longest, Math.max(SHORTEST_MS, (span.to - span.from) / factor));
  const share = (anchor - span.from) / (span.to - span.from);
  const from = anchor - length * share;
  return within({ from, to: from + length }, all);
}

/**
 * @param {Span} span
 * @param {number} ms later; negative: earlier
 * @param {Span} all
 * @returns {Span}
 */
export function moved(span, ms, all) {
  return within({ from: span.from + ms, to: span.to + ms }, all);
}

/**
 * The span shifted so that it has a moment in sight, not at its very edge.
 * @param {Span} span
 * @param {number} t
 * @param {Span} all
 */
export function showing(span, t, all) {
  const margin = (span.to - span.from) * 0.08;
  if (t < span.from + margin) return moved(span, t - margin - span.from, all);
  if (t > span.to - margin) return moved(span, t + margin - span.to, all);
  return span;
}

/**
 * @param {Span} span
 * @param {Span} all
 * @returns {Span}
 */
function within({ from, to }, all) {
  const length = Math.min(to - from, all.to - all.from);
  const start = Math.min(Math.max(from, all.from), all.to - length);
  return { from: start, to: start + length };
}

/**
 * Round times of day along a span.
 * @param {Span} span
 * @param {number} most how many at most
 * @param {number} [offsetMs] of the reader's zone, local minus UTC
 * @returns {{times: number[], step: number}}
 */
export function ticks({ from, to }, most, offsetMs = 0) {
  const step = STEPS.find((one) => (to - from) / one <= most) ?? STEPS[STEPS.length - 1];
  const times = [];
  const first = Math.ceil((from + offsetMs) / step) * step - offsetMs;
  for (let t = first; t <= to; t += step) times.push(t);
  return { times, step };
}
