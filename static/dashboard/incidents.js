/**
 * What has happened between two looks at the rows that a teacher who does not see the page should be
 * told: who was lost, who put up a hand. Pure.
 *
 * @typedef {import("./row.js").Row} Row
 * @typedef {{kind: "disconnected" | "hand", names: string[]}} Incident
 */

/**
 * @param {Map<string, Row> | null} before null: the first look tells nothing new
 * @param {Row[]} rows
 * @returns {Incident[]}
 */
export function incidents(before, rows) {
  if (before === null) return [];
  const lost = rows.filter((row) => row.status === "disconnected" && before.get(row.id)?.status !== "disconnected");
  const hands = rows.filter((row) => row.handRaisedAt && !before.get(row.id)?.handRaisedAt);
  /** @type {Incident[]} */
  const found = [];
  if (lost.length > 0) found.push({ kind: "disconnected", names: lost.map(({ name }) => name) });
  if (hands.length > 0) found.push({ kind: "hand", names: hands.map(({ name }) => name) });
  return found;
}
