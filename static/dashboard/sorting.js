/**
 * Order and choice of rows; pure.
 *
 * @typedef {import("./row.js").Row} Row
 */

import { STATUSES } from "./status.js";

/** What rows can be narrowed to: a status, or raised hands. */
export const FILTERS = [...STATUSES, "hand"];

/** How much a row asks for the teacher: the smaller, the sooner. */
const URGENCY = { disconnected: 0, unstable: 2, absent: 5, waiting: 4, online: 4, submitted: 6 };

/**
 * @param {Row} row
 * @returns {number}
 */
export function urgency(row) {
  const own = URGENCY[row.status];
  if (row.status === "submitted") return row.lateAnswers > 0 ? 3 : own;
  if (row.handRaisedAt && own > 1) return 1;
  return (row.away || row.lateAnswers > 0) && own > 3 ? 3 : own;
}

/**
 * How rows that stand by name are put in order; equal ones keep their places.
 * @type {Record<string, (a: Row, b: Row) => number>}
 */
export const ORDERS = {
  problems: (a, b) => urgency(a) - urgency(b) || byHand(a, b),
  name: () => 0,
  progress: (a, b) => a.answered - b.answered,
  time: (a, b) => byNumber(a.leftMs ?? Infinity, b.leftMs ?? Infinity),
};

/**
 * @param {Row[]} rows by name
 * @param {{order: string, filter: string | null, search: string}} choice
 * @returns {Row[]} a new list
 */
export function chosen(rows, { order, filter, search }) {
  const wanted = search.trim().toLocaleLowerCase();
  return rows
    .filter((row) => filter === null || matches(row, filter))
    .filter((row) => wanted === "" || row.name.toLocaleLowerCase().includes(wanted))
    .sort(ORDERS[order] ?? ORDERS.problems);
}

/**
 * @param {Row} row
 * @param {string} filter a status, or `hand`
 */
export function matches(row, filter) {
  return filter === "hand" ? row.handRaisedAt !== null : row.status === filter;
}

/**
 * How many students each counter counts.
 * @param {Row[]} rows
 * @returns {Record<string, number>}
 */
export function counts(rows) {
  /** @type {Record<string, number>} */
  const result = { enrolled: rows.length, hand: 0 };
  for (const status of STATUSES) result[status] = 0;
  for (const row of rows) {
    result[row.status] += 1;
    if (row.handRaisedAt) result.hand += 1;
  }
  return result;
}

/**
 * Also right of two infinite ones.
 * @param {number} a
 * @param {number} b
 */
function byNumber(a, b) {
  return a === b ? 0 : a - b;
}

/**
 * Who asked first comes first.
 * @param {Row} a
 * @param {Row} b
 */
function byHand(a, b) {
  const [first, second] = [a.handRaisedAt ?? "~", b.handRaisedAt ?? "~"];
  return first === second ? 0 : first < second ? -1 : 1;
}
