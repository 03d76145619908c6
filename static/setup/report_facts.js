/** What a report of a sitting says, out of its export: pure. */

/**
 * @param {any} exported what `GET …/export` gives
 * @returns {{enrolled: number, came: number, submitted: number, byDeadline: number, late: number, average: number | null, total: number}}
 */
export function facts({ students, test }) {
  const attempts = students.map((/** @type {any} */ one) => one.attempt).filter(Boolean);
  const submitted = attempts.filter((/** @type {any} */ one) => one.status === "SUBMITTED");
  const answered = attempts.reduce((/** @type {number} */ sum, /** @type {any} */ one) => sum + one.answered, 0);
  return {
    enrolled: students.length,
    came: students.filter((/** @type {any} */ one) => one.participant).length,
    submitted: submitted.length,
    byDeadline: submitted.filter((/** @type {any} */ one) => one.submitted_by === "deadline").length,
    late: attempts.filter((/** @type {any} */ one) => one.late_answers > 0).length,
    average: attempts.length > 0 ? answered / attempts.length : null,
    total: test?.questions.length ?? 0,
  };
}

/**
 * How a student's time and connection went, as keys of words with their numbers; only what there is to say.
 * @param {any} attempt
 * @returns {[string, number][]}
 */
export function remarks(attempt) {
  /** @type {[string, number][]} */
  const all = [
    ["extra", Math.round(attempt.extra_seconds / 60)],
    ["lost", Math.round(attempt.lost_seconds)],
    ["reconnects", attempt.reconnects],
    ["hidden", attempt.hidden_count],
    ["late", attempt.late_answers],
  ];
  return all.filter(([, count]) => count !== 0);
}
