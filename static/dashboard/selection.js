/**
 * Which students are chosen for a command. Pure: every function returns a new set. A filter hides
 * people and does not drop them; only who is not on the list at all any more can go, and `without`
 * says who that is, so that the page can tell.
 *
 * @typedef {ReadonlySet<string>} Selection ids of students
 */

/** @type {Selection} */
export const NOBODY = new Set();

/**
 * @param {Selection} selection
 * @param {Iterable<string>} ids
 * @param {boolean} wanted in or out
 * @returns {Selection}
 */
export function withAll(selection, ids, wanted) {
  const next = new Set(selection);
  for (const id of ids) {
    if (wanted) next.add(id);
    else next.delete(id);
  }
  return next;
}

/**
 * From one row to another, in the order shown, as after a click with the shift key.
 * @param {Selection} selection
 * @param {string[]} shown ids in their order
 * @param {string | null} from where the last click was; null or not shown: `to` alone
 * @param {string} to
 * @param {boolean} wanted in or out
 * @returns {Selection}
 */
export function withRange(selection, shown, from, to, wanted) {
  const [a, b] = [from === null ? -1 : shown.indexOf(from), shown.indexOf(to)];
  if (a < 0 || b < 0) return withAll(selection, [to], wanted);
  return withAll(selection, shown.slice(Math.min(a, b), Math.max(a, b) + 1), wanted);
}

/**
 * @param {Selection} selection
 * @param {string[]} shown
 * @returns {"none" | "some" | "all"} how much of what is shown is chosen
 */
export function extent(selection, shown) {
  const chosen = shown.reduce((count, id) => count + (selection.has(id) ? 1 : 0), 0);
  if (chosen === 0) return "none";
  return chosen === shown.length ? "all" : "some";
}

/**
 * @param {Selection} selection
 * @param {ReadonlySet<string> | ReadonlyMap<string, any>} everyone
 * @returns {{selection: Selection, gone: string[]}} the same selection if nobody is gone
 */
export function without(selection, everyone) {
  const gone = [...selection].filter((id) => !everyone.has(id));
  return { selection: gone.length === 0 ? selection : withAll(selection, gone, false), gone };
}
