/**
 * What a sitting has answered, as rows of a bar chart: pure, from `GET /api/sessions/{id}/answers`.
 *
 * @typedef {{label: string, count: number, kind: "choice" | "number" | "texts" | "unanswered"}} Bar
 */

import { t } from "../../words/index.js";
import { numberWords } from "./value_words.js";

/**
 * @param {any} question of the test
 * @param {any} counted the same question's counts
 * @param {number} students who have begun
 * @returns {Bar[]} the last are those who have not answered
 */
export function barsOf(question, counted, students) {
  return [...given(question, counted), { label: t("answers.unanswered"), count: students - counted.answered, kind: "unanswered" }];
}

/**
 * @param {any} question
 * @param {any} counted
 * @returns {Bar[]}
 */
function given(question, { answered, choices, bins }) {
  if (question.type === "text") return [{ label: t("answers.texts", { count: answered }), count: answered, kind: "texts" }];
  if (question.type === "number") return bins.map((/** @type {any} */ bin) => ({ label: binLabel(bin), count: bin.count, kind: "number" }));
  const texts = new Map(question.choices.map((/** @type {any} */ { id, text }) => [id, text]));
  return choices.map((/** @type {any} */ { choice_id, count }) => ({ label: texts.get(choice_id) ?? choice_id, count, kind: "choice" }));
}

/** @param {{from: number, to: number}} bin */
function binLabel({ from, to }) {
  return from === to ? numberWords(from) : t("answers.range", { from: numberWords(from), to: numberWords(to) });
}
