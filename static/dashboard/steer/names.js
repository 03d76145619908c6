/** What to call a student. */

import { t } from "../../words/index.js";

/**
 * @param {import("../state.js").State} state
 * @param {string} id
 * @returns {string}
 */
export function nameOf(state, id) {
  return state.students.get(id)?.name || t("steer.nameless");
}

/**
 * Some names, and how many more there are.
 * @param {string[]} names
 * @param {number} [most]
 * @returns {string}
 */
export function nameList(names, most = 5) {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? t("steer.and_more", { names: shown, count: names.length - most }) : shown;
}
