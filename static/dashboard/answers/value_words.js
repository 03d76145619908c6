/** Answers as people read them: the texts of choices, numbers and text as they were given. Pure. */

import { language } from "../../words/index.js";

const numbers = new Intl.NumberFormat(language(), { maximumSignificantDigits: 17, useGrouping: false });

/** @param {number} value in the reader's language */
export function numberWords(value) {
  return numbers.format(value);
}

/**
 * @param {any} question
 * @param {any} value
 * @returns {string[]} empty: not answered; several: a list of choices, in the test's order
 */
export function valueWords(question, value) {
  if (value === null || value === undefined || value === "") return [];
  if (question.type === "number") return [numberWords(value)];
  if (question.type === "text") return [value];
  const chosen = new Set(Array.isArray(value) ? value : [value]);
  const known = question.choices.filter((/** @type {any} */ { id }) => chosen.delete(id));
  return [...known.map((/** @type {any} */ { text }) => text), ...chosen];
}
