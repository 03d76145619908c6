/**
 * A lane as stretches of one status each, and the sums and counts that follow. Pure.
 *
 * @typedef {import("../status.js").Shown} Shown
 * @typedef {import("./model.js").Picture} Picture
 * @typedef {import("./lane.js").Lane} Lane
 * @typedef {{from: number, to: number, kind: Shown, away: boolean, left: boolean}} Segment `left`: the
 *   student closed the page, the connection was not lost
 */

import { STATUSES } from "../status.js";

/**
 * @param {Picture} picture
 * @param {Lane} lane
 * @param {number} until what came later is not told
 * @param {number | null} [lastSign] the last sign of life, where the present state tells it
 * @returns {Segment[]} from the join on, without gaps, by time; nothing after the sitting's end
 */
export function segmentsOf(picture, lane, until, lastSign = null) {
  const end = Math.min(until, picture.endedAt);
  /** @type {Segment[]} */
  const found = [];
  const points = turnsOf(picture, lane).filter((point) => point >= lane.joinedAt && point < end);
  points.forEach((from, index) => {
    const to = points[index + 1] ?? end;
    const kind = lane.statusAt(picture, from);
    const segment = { from, to, kind, away: lane.isAway(picture, from), left: kind === "disconnected" && lane.link.value(from) === "left" };
    const last = found.at(-1);
    if (last && last.kind === kind && last.away === segment.away && last.left === segment.left) last.to = to;
    else found.push(segment);
  });
  if (lastSign !== null) beSilent(found, lastSign + picture.unstableMs);
  return found;
}

/**
 * The moments at which a lane's status may change, in order, each once.
 * @param {Picture} picture
 * @param {Lane} lane
 */
function turnsOf({ startedAt, unstableMs }, lane) {
  const silent = lane.silences.flatMap(({ from, to }) => [from + unstableMs + 1, to]);
  const all = [lane.joinedAt, startedAt, ...lane.link.at, ...lane.handedIn.at, ...lane.hidden.at, ...silent];
  return [...new Set(all)].sort((a, b) => a - b);
}

/**
 * The last stretch is silent from that moment on.
 * @param {Segment[]} segments
 * @param {number} from
 */
function beSilent(segments, from) {
  const last = segments.at(-1);
  if (!last || from >= last.to || !["online", "waiting"].includes(last.kind)) return;
  if (from <= last.from) last.kind = "unstable";
  else {
    segments.push({ ...last, from, kind: "unstable" });
    last.to = from;
  }
}

/**
 * @typedef {object} Summary
 * @property {Shown} status
 * @property {Record<Shown, number>} ms how long in each status
 * @property {number} cuts how often the connection was lost
 * @property {number} looksAway
 * @property {number} awayMs
 * @property {number} answered
 * @property {number} total
 * @property {number | null} handedInAt
 */

/**
 * What a lane says in sum up to a moment.
 * @param {Picture} picture
 * @param {Lane} lane
 * @param {number} until
 * @param {number | null} [lastSign]
 * @returns {Summary}
 */
export function summaryOf(picture, lane, until, lastSign = null) {
  const segments = segmentsOf(picture, lane, until, lastSign);
  const ms = /** @type {Record<Shown, number>} */ (Object.fromEntries(STATUSES.map((kind) => [kind, 0])));
  for (const { kind, from, to } of segments) ms[kind] += to - from;
  const away = segments.filter((segment, index) => segment.away && !segments[index - 1]?.away);
  const status = segments.at(-1)?.kind === "unstable" ? "unstable" : lane.statusAt(picture, until);
  const handedInAt = status === "submitted" ? lane.handedIn.at.findLast((at) => at <= until) : null;
  return {
    status,
    ms,
    cuts: segments.filter(({ kind, left }) => kind === "disconnected" && !left).length,
    looksAway: away.length,
    awayMs: segments.reduce((sum, { away: is, from, to }) => sum + (is ? to - from : 0), 0),
    ...lane.answered.value(until),
    handedInAt: handedInAt ?? null,
  };
}

/**
 * How many of these students were what at a moment. Who was put on the list later is not counted.
 * @param {Picture} picture
 * @param {string[]} ids
 * @param {number} t
 * @returns {Record<Shown | "enrolled" | "hand" | "away", number>}
 */
export function countsAt(picture, ids, t) {
  const counts = { enrolled: 0, hand: 0, away: 0, ...Object.fromEntries(STATUSES.map((kind) => [kind, 0])) };
  for (const id of ids) {
    const lane = picture.lanes.get(id);
    const status = lane?.statusAt(picture, t) ?? "absent";
    if (status === "absent" && lane && t < lane.addedAt) continue;
    counts.enrolled += 1;
    counts[status] += 1;
    if (lane && status !== "submitted" && lane.hand.value(t) !== null) counts.hand += 1;
    if (lane?.isAway(picture, t)) counts.away += 1;
  }
  return /** @type {any} */ (counts);
}

/**
 * @param {Picture} picture
 * @param {string} id
 * @param {number} t
 * @returns {{status: Shown, away: boolean, hand: boolean, answered: number, total: number}}
 */
export function stateAt(picture, id, t) {
  const lane = picture.lanes.get(id);
  if (!lane) return { status: "absent", away: false, hand: false, answered: 0, total: 0 };
  const status = lane.statusAt(picture, t);
  const hand = status !== "submitted" && lane.hand.value(t) !== null;
  return { status, away: lane.isAway(picture, t), hand, ...lane.answered.value(t) };
}
