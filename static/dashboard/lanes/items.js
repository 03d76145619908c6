/**
 * What there is to point at in a lane: its stretches and its marks, by time. Pure.
 *
 * @typedef {import("./model.js").Mark} Mark
 * @typedef {import("./segments.js").Segment} Segment
 * @typedef {{at: number, to: number, segment: Segment | null, mark: Mark | null, status: string | null}} Item
 *   one of the three: a stretch or a mark of a student, or a stretch of the sitting's status
 */

import { segmentsOf } from "./segments.js";

/** @param {Segment} segment @returns {Item} */
const ofSegment = (segment) => ({ at: segment.from, to: segment.to, segment, mark: null, status: null });
/** @param {Mark} mark @returns {Item} */
const ofMark = (mark) => ({ at: mark.at, to: mark.at, segment: null, mark, status: null });

/**
 * @param {import("./model.js").Picture} picture
 * @param {import("./lane.js").Lane | undefined} lane
 * @param {number} until
 * @param {number | null} lastSign
 * @returns {Item[]}
 */
export function itemsOf(picture, lane, until, lastSign) {
  if (!lane) return [];
  const segments = segmentsOf(picture, lane, until, lastSign).map(ofSegment);
  return byTime([...segments, ...lane.marks.filter(({ at }) => at <= until).map(ofMark)]);
}

/**
 * The sitting's own lane: how it stood, and what was about everyone.
 * @param {import("./model.js").Picture} picture
 * @param {number} until
 * @returns {Item[]}
 */
export function sittingItems(picture, until) {
  const { status, endedAt } = picture;
  const end = Math.min(until, endedAt);
  const stretches = status.at.map((at, index) => ({ at, to: Math.min(status.at[index + 1] ?? end, end), segment: null, mark: null, status: status.values[index] }));
  const marks = picture.marks.filter(({ at, type }) => at <= until && !TURNS.has(type)).map(ofMark);
  return byTime([...stretches.filter(({ at, to }) => to > at), ...marks]);
}

/** These are the stretches themselves. */
const TURNS = new Set(["opened", "started", "paused", "resumed"]);

/** @param {Item[]} items */
function byTime(items) {
  return items.sort((a, b) => a.at - b.at || b.to - a.to);
}

/**
 * What lies under a pointer: a mark that is near enough, else the stretch.
 * @param {Item[]} items
 * @param {number} t
 * @param {number} nearMs
 * @returns {Item | null}
 */
export function itemAt(items, t, nearMs) {
  const marks = items.filter(({ mark, at }) => mark && Math.abs(at - t) <= nearMs);
  const nearest = marks.reduce((/** @type {Item | null} */ best, item) => (best && Math.abs(best.at - t) <= Math.abs(item.at - t) ? best : item), null);
  return nearest ?? items.findLast(({ mark, at, to }) => !mark && at <= t && t < to) ?? null;
}
