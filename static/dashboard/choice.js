/**
 * What a teacher has chosen to see, and how it stands in the page's address. Pure.
 *
 * @typedef {object} Choice
 * @property {string | null} filter a status or `hand`; null: everyone
 * @property {string} search part of a name
 * @property {string} order a name of sorting.js's ORDERS
 * @property {string} view `table`, `tiles`, `lanes`
 * @property {string | null} student whose drawer is open
 */

import { FILTERS, ORDERS } from "./sorting.js";

/** @type {Choice} */
export const FIRST = { filter: null, search: "", order: "problems", view: "table", student: null };

const SEARCH_LIMIT = 100;

/**
 * What an address asks for; what it does not name, or names wrongly, is as at first.
 * @param {string} query `location.search`
 * @param {string[]} views that there are
 * @returns {Choice}
 */
export function fromQuery(query, views) {
  const asked = new URLSearchParams(query);
  const oneOf = (/** @type {string} */ name, /** @type {string[]} */ known, /** @type {any} */ other) => {
    const value = asked.get(name);
    return value !== null && known.includes(value) ? value : other;
  };
  return {
    filter: oneOf("filter", FILTERS, FIRST.filter),
    search: (asked.get("search") ?? "").slice(0, SEARCH_LIMIT),
    order: oneOf("order", Object.keys(ORDERS), FIRST.order),
    view: oneOf("view", views, FIRST.view),
    student: asked.get("student") || null,
  };
}

/**
 * @param {Choice} choice
 * @returns {string} `?…` of what is not as at first, or nothing
 */
export function toQuery(choice) {
  const query = new URLSearchParams();
  for (const [name, first] of Object.entries(FIRST)) {
    const value = choice[/** @type {keyof Choice} */ (name)];
    if (value !== null && value !== first) query.set(name, value);
  }
  const text = query.toString();
  return text && `?${text}`;
}
