/**
 * Order and choice of rows; pure.
 *
 * @typedef {import("./row.js").Row} Row
 */

import { STATUSES } from "./status.js";

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

/** @type {Record<string, (a: Row, b: Row) => number>} */
export const ORDERS = {
  problems: (a, b) => urgency(a) - urgency(b) || byHand(a, b) || byName(a, b),
  name: byName,
  progress: (a, b) => a.answered - b.answered || byName(a, b),
  time: (a, b) => (a.leftMs ?? Infinity) - (b.leftMs ?? Infinity) || byName(a, b),
};

/**
 * @param {Row[]} rows
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
 * @param {Row} a
 * @param {Row} b
 */
function byName(a, b) {
  return COLLATOR.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/**
 * Who asked first comes first.
 * @param {Row} a
 * @param {Row} b
 */
function byHand(a, b) {
  return (a.handRaisedAt ?? "~").localeCompare(b.handRaisedAt ?? "~");
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
