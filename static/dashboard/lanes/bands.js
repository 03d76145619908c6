/**
 * Where many were cut off at once: not one pupil's Wi-Fi, but something they share. Pure.
 *
 * @typedef {import("./model.js").Cut} Cut
 * @typedef {object} Band
 * @property {string} key the same as long as it is the same band
 * @property {number} at the first cut
 * @property {number} last the last cut
 * @property {number} from the earliest last sign of life: time is lost from there
 * @property {number} to when the last of them was back; `until` while one is still away
 * @property {number} backAt when most of them were back: one who stays away does not prolong it
 * @property {string[]} ids the students, by the time of their cut
 * @property {number} away how many are not back
 */

/** Cuts within so long belong together: signs of life come every few seconds. */
export const WITHIN_MS = 10_000;
const AT_LEAST = 3;
const SHARE = 0.2;
const MOST = 0.75;

/**
 * How many make a band.
 * @param {number} joined how many had come
 */
export function many(joined) {
  return Math.max(AT_LEAST, Math.ceil(SHARE * joined));
}

/**
 * @param {Cut[]} cuts in any order
 * @param {(t: number) => number} joinedBy how many had come by then
 * @param {number} until what came later is not told
 * @returns {Band[]} by time, not overlapping; nobody is twice in one
 */
export function bandsOf(cuts, joinedBy, until) {
  const sorted = cuts.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
  /** @type {Band[]} */
  const bands = [];
  let [index, end] = [0, 0];
  while (index < sorted.length) {
    const { at } = sorted[index];
    while (end < sorted.length && sorted[end].at <= at + WITHIN_MS) end += 1;
    const together = sorted.slice(index, end);
    const ids = [...new Set(together.map(({ id }) => id))];
    if (ids.length >= many(joinedBy(at))) {
      bands.push(band(together, ids, until));
      index = end;
    } else {
      index += 1;
    }
  }
  return bands;
}

/**
 * @param {Cut[]} cuts by time
 * @param {string[]} ids
 * @param {number} until
 * @returns {Band}
 */
function band(cuts, ids, until) {
  const open = new Set(cuts.filter(({ to }) => to === null || to > until).map(({ id }) => id));
  const ends = cuts.map(({ to }) => Math.min(to ?? until, until)).sort((a, b) => a - b);
  const [first, last] = [cuts[0].at, cuts[cuts.length - 1].at];
  return {
    key: `${first} ${ids[0]}`,
    at: first,
    last,
    from: cuts.reduce((least, { from }) => Math.min(least, from), first),
    to: Math.max(last, ends[ends.length - 1]),
    backAt: Math.max(last, ends[Math.floor((ends.length - 1) * MOST)]),
    ids,
    away: open.size,
  };
}
