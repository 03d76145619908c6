/**
 * What came of a command, as a result list tells it. Pure.
 *
 * @typedef {object} Outcome
 * @property {string} name of the command
 * @property {string[]} changed students for whom it was done now
 * @property {string[]} unchanged students for whom it held already
 * @property {{id: string, code: string, message: string}[]} refused
 * @property {Record<string, any>} fields what was asked for
 * @property {Undo | null} undo
 *
 * @typedef {{name: string, studentIds: string[] | null, fields: Record<string, any>}} Undo
 */

/**
 * @param {string} name
 * @param {string[] | null} studentIds null: all
 * @param {Record<string, any>} fields
 * @param {any} answer the server's; of a bulk command `done` and `refused`
 * @returns {Outcome}
 */
export function outcomeOf(name, studentIds, fields, answer) {
  const unchanged = answer?.unchanged ?? [];
  const held = new Set(unchanged);
  const changed = (answer?.done ?? []).filter((/** @type {string} */ id) => !held.has(id));
  const refused = (answer?.refused ?? []).map((/** @type {any} */ one) => ({ id: one.student_id, code: one.code, message: one.message }));
  return { name, changed, unchanged, refused, fields, undo: undoOf(name, studentIds, fields, changed) };
}

/**
 * What takes a command back; null where nothing does.
 * @param {string} name
 * @param {string[] | null} studentIds
 * @param {Record<string, any>} fields
 * @param {string[]} changed
 * @returns {Undo | null}
 */
function undoOf(name, studentIds, fields, changed) {
  if (name === "extend" && (studentIds === null || changed.length > 0)) {
    // What all were given is taken from all; it is the sitting's, not its students'.
    return { name, studentIds: studentIds === null ? null : changed, fields: { minutes: -fields.minutes } };
  }
  if (name === "force_submit" && changed.length > 0) return { name: "reopen", studentIds: changed, fields: {} };
  return null;
}
