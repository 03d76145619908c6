/** What is answered and what is not: pure. */

import { isAnswered } from "../client/state.js";

/**
 * @param {any} test
 * @param {any} attempt
 * @param {Set<string>} flagged
 * @returns {{answered: number, total: number, open: number[], flagged: number[]}} numbers count from 1
 */
export function progress(test, attempt, flagged) {
  const numbered = test.questions.map((/** @type {any} */ { id }, /** @type {number} */ i) => ({ id, number: i + 1 }));
  const open = numbered.filter(({ id }) => !isAnswered(attempt.answers[id]?.value));
  return {
    answered: numbered.length - open.length,
    total: numbered.length,
    open: open.map(({ number }) => number),
    flagged: numbered.filter(({ id }) => flagged.has(id)).map(({ number }) => number),
  };
}

/**
 * The number that someone has typed, with a comma or a point; null if nothing, undefined if it is no
 * number.
 * @param {string} text
 * @returns {number | null | undefined}
 */
export function numberOf(text) {
  const plain = text.trim().replace(/\s/g, "").replace(",", ".").replace("−", "-");
  if (plain === "") return null;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(plain)) return undefined;
  const number = Number(plain);
  return Number.isFinite(number) && Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : undefined;
}
