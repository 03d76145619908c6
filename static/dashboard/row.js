/**
 * What a student's row shows: pure, from the state and the server's time.
 *
 * @typedef {import("./state.js").State} State
 * @typedef {object} Row
 * @property {string} id of the student
 * @property {string} name empty: not on the list any more
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
 * @property {number} awayCount how often they looked away
 * @property {number} reconnects
 * @property {string | null} note the staff's
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
    awayCount: attempt?.hidden_count ?? 0,
    reconnects: attempt?.reconnects ?? 0,
    note: attempt?.note || null,
    lateAnswers: attempt?.late_answers ?? 0,
    submittedBy: attempt?.submitted_by ?? null,
  };
}

/** What goes on by itself, with the clock or with every heartbeat. */
const TICKING = new Set(["statusAgeMs", "seenAgoMs", "seenAt", "leftMs"]);

/**
 * Whether two rows of a student tell the same but for what ticks. That the time left has come or
 * gone is no tick.
 * @param {Row | undefined} a
 * @param {Row} b
 */
export function sameFacts(a, b) {
  if (!a || (a.leftMs === null) !== (b.leftMs === null)) return false;
  for (const name of /** @type {(keyof Row)[]} */ (Object.keys(b))) {
    if (a[name] !== b[name] && !TICKING.has(name)) return false;
  }
  return true;
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
 * Everyone to be shown, by name: the roster, and whoever joined without being on it any more.
 * @param {State} state
 * @returns {string[]} ids
 */
export function everyone(state) {
  const ids = [...new Set([...state.students.keys(), ...state.participants.keys()])];
  const named = ids.map((id) => ({ id, name: state.students.get(id)?.name ?? "" }));
  return named.sort(byName).map(({ id }) => id);
}

/**
 * @param {{id: string, name: string}} a
 * @param {{id: string, name: string}} b one without a name comes last
 */
export function byName(a, b) {
  const nameless = Number(a.name === "") - Number(b.name === "");
  return nameless || COLLATOR.compare(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
