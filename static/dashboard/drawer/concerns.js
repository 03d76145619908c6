/** Whose history an event belongs to, by the same rule as `GET …/events?student_id=`. Pure. */

/**
 * @param {any} event of the wire
 * @param {string} studentId
 * @returns {boolean} what they did, what was done for them alone or among others, what happened to
 *   the whole sitting
 */
export function concerns({ type, student_id, data }, studentId) {
  if (student_id !== null) return student_id === studentId;
  if (type === "roster") return data.added.includes(studentId) || data.removed.includes(studentId);
  return !data.student_ids || data.student_ids.includes(studentId);
}

/**
 * In the order in which things happened: what a sweep finds out later is told at its time.
 * @param {any[]} events
 * @returns {any[]}
 */
export function inOrder(events) {
  const compare = (/** @type {any} */ a, /** @type {any} */ b) => (a < b ? -1 : a > b ? 1 : 0);
  return [...events].sort((a, b) => compare(a.at, b.at) || compare(a.version, b.version) || compare(a.id, b.id));
}
