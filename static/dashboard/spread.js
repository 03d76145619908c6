/**
 * How far the class is: the average of what is answered, and how it is spread. Pure.
 *
 * @typedef {{average: number, total: number, students: number, bins: {from: number, to: number, count: number}[]}} Spread
 */

/** More bars than these tell nothing more at that size. */
const BARS = 8;

/**
 * @param {import("./row.js").Row[]} rows
 * @returns {Spread | null} null: nobody has anything to answer yet
 */
export function spreadOf(rows) {
  const here = rows.filter(({ total }) => total > 0);
  if (here.length === 0) return null;
  const total = Math.max(...here.map((row) => row.total));
  const bars = Math.min(BARS, total + 1);
  const edge = (/** @type {number} */ at) => Math.ceil((at * (total + 1)) / bars);
  const bins = Array.from({ length: bars }, (_, at) => ({ from: edge(at), to: edge(at + 1) - 1, count: 0 }));
  let sum = 0;
  for (const { answered } of here) {
    sum += answered;
    bins[bins.findIndex(({ to }) => answered <= to)].count += 1;
  }
  return { average: sum / here.length, total, students: here.length, bins };
}
