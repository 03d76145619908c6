/**
 * What a command asks of the server, from its name: one table. Pure.
 *
 * @typedef {{method: "POST" | "PATCH", path: string, body: Record<string, any>}} Wish
 */

/** Commands about a sitting, some of its students or all. @type {Record<string, string>} */
const OF_SITTING = {
  open: "open",
  start: "start",
  pause: "pause",
  resume: "resume",
  complete: "complete",
  cancel: "cancel",
  extend: "extend",
  message: "messages",
  force_submit: "force-submit",
  reopen: "reopen",
  give_back: "give-back",
  lower_hands: "hands/lower",
};

/** Commands about one attempt. @type {Record<string, ["POST" | "PATCH", string]>} */
const OF_ATTEMPT = {
  accept_late: ["POST", "/accept-late"],
  leave_late: ["POST", "/leave-late"],
  note: ["PATCH", ""],
};

/** Which of them concern students, and so may name some. */
const BULK = new Set(["extend", "message", "force_submit", "reopen", "give_back", "lower_hands"]);

/** @param {string} name */
export function isAboutAttempt(name) {
  return name in OF_ATTEMPT;
}

/**
 * @param {string} sessionId
 * @param {string} name a key of the tables above
 * @param {string[] | null} studentIds null: all
 * @param {Record<string, any>} fields of the body; what is null or empty is left out, a note may be null
 * @returns {Wish}
 */
export function wishFor(sessionId, name, studentIds, fields = {}) {
  /** @type {Record<string, any>} */
  const body = {};
  for (const [field, value] of Object.entries(fields)) {
    if (value !== "" && value !== undefined && (value !== null || field === "note")) body[field] = value;
  }
  if (BULK.has(name) && studentIds !== null) body.student_ids = studentIds;
  return { method: "POST", path: `/api/sessions/${sessionId}/${OF_SITTING[name]}`, body };
}

/**
 * @param {string} attemptId
 * @param {string} name a key of OF_ATTEMPT
 * @param {Record<string, any>} fields of the body
 * @returns {Wish}
 */
export function attemptWish(attemptId, name, fields = {}) {
  const [method, tail] = OF_ATTEMPT[name];
  const given = Object.entries(fields).filter(([field, value]) => value || field === "note");
  return { method, path: `/api/attempts/${attemptId}${tail}`, body: Object.fromEntries(given) };
}
