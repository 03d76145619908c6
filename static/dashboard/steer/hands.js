/**
 * Raised hands in the order in which they were raised. Pure.
 *
 * @typedef {{id: string, name: string, text: string, waitedMs: number}} Hand
 */

/**
 * @param {import("../row.js").Row[]} rows
 * @param {number} now server time
 * @returns {Hand[]} who has waited longest comes first
 */
export function queue(rows, now) {
  return rows
    .filter(({ handRaisedAt }) => handRaisedAt !== null)
    .map(({ id, name, handText, handRaisedAt }) => ({ id, name, text: handText ?? "", waitedMs: Math.max(0, now - Date.parse(handRaisedAt)) }))
    .sort((a, b) => b.waitedMs - a.waitedMs || (a.id < b.id ? -1 : 1));
}
