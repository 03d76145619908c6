/**
 * What a student's row shows: pure, from the state and the server's time.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {object} Row
 * @property {string} id of the student
 * @property {string} name
 * @property {import("./status.js").Shown} status
 * @property {number | null} statusAgeMs how long it has been so, where that matters
 * @property {number} answered
 * @property {number} total
 * @property {string | null} questionId
 * @property {number | null} seenAgoMs null in a sitting that is over: then `seenAt` tells it
 * @property {string | null} seenAt
 * @property {string | null} savedAt
 * @property {number | null} leftMs
 * @property {number} extraSeconds
 * @property {string | null} handRaisedAt
 * @property {string | null} handText
 * @property {boolean} away looking at something else
 * @property {number} lateAnswers
 * @property {string | null} submittedBy
 */

import { timeLeft } from "./deadlines.js";
import { shownStatus } from "./status.js";

const OVER = new Set(["COMPLETED", "CANCELLED"]);

/**
 * @param {State} state
 * @param {string} id
 * @param {number} now server time
 * @param {number} heartbeatSeconds
 * @returns {Row}
 */
export function rowOf(state, id, now, heartbeatSeconds) {
  const participant = state.participants.get(id) ?? null;
  const attempt = state.attempts.get(id) ?? null;
  const status = shownStatus(participant, attempt, state.session, now, heartbeatSeconds);
  const seenAgoMs = participant ? now - Date.parse(participant.last_activity) : null;
  const open = attempt !== null && attempt.status !== "SUBMITTED";
  return {
    id,
    name: state.students.get(id)?.name ?? "",
    status,
    statusAgeMs: statusAge(status, participant, attempt, now, seenAgoMs),
    answered: attempt?.answered ?? 0,
    total: attempt?.total ?? 0,
    questionId: open ? attempt.question_id : null,
    seenAgoMs: OVER.has(state.session.status) ? null : seenAgoMs,
    seenAt: participant?.last_activity ?? null,
    savedAt: attempt?.last_saved_at ?? null,
    leftMs: attempt?.status === "SUBMITTED" ? null : timeLeft(state.session, id, now),
    extraSeconds: state.session.extra_seconds[id] ?? 0,
    handRaisedAt: open ? attempt.hand_raised_at : null,
    handText: attempt?.hand_text ?? null,
    away: open && participant?.connection_status === "CONNECTED" && attempt.visible === false,
    lateAnswers: attempt?.late_answers ?? 0,
    submittedBy: attempt?.submitted_by ?? null,
  };
}

/**
 * @param {import("./status.js").Shown} status
 * @param {any} participant
 * @param {any} attempt
 * @param {number} now
 * @param {number | null} seenAgoMs
 */
function statusAge(status, participant, attempt, now, seenAgoMs) {
  if (status === "disconnected") {
    return participant.disconnected_at ? now - Date.parse(participant.disconnected_at) : seenAgoMs;
  }
  if (status === "unstable") return seenAgoMs;
  if (status === "submitted" && attempt.submitted_at) return now - Date.parse(attempt.submitted_at);
  return null;
}

/**
 * Everyone to be shown: the roster, and whoever joined without being on it any more.
 * @param {State} state
 * @returns {string[]}
 */
export function everyone(state) {
  const ids = new Set([...state.students.keys(), ...state.participants.keys()]);
  return [...ids];
}
