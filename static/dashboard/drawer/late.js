/**
 * What a student gave too late, and what lost against another device's answer. Pure.
 *
 * @typedef {object} Late
 * @property {string} id of the event that keeps it
 * @property {string} questionId
 * @property {any} value
 * @property {string} answeredAt
 * @property {string} receivedAt
 * @property {number | null} lateMs how long after the work was closed it came
 * @property {Decision | null} decision null: it waits for one
 *
 * @typedef {{kind: "accepted" | "left", at: string, actorId: string | null, reason: string | null}} Decision
 *
 * @typedef {{id: string, questionId: string, value: any, answeredAt: string}} Superseded
 */

import { inOrder } from "./concerns.js";

const DECISIONS = /** @type {const} */ ({ late_accepted: "accepted", late_left: "left" });

/**
 * @param {any[]} events that concern one student
 * @param {number | null} [closesAt] when their time was up, if no event tells when their work was closed
 * @returns {Late[]} in the order in which they came
 */
export function lateAnswers(events, closesAt = null) {
  /** @type {Map<string, Late>} */
  const found = new Map();
  let closedAt = closesAt;
  for (const event of inOrder(events)) {
    const { id, type, at, actor_id, data } = event;
    if (type === "submitted") closedAt = Date.parse(at);
    if (type === "reopened") closedAt = closesAt;
    if (type === "late_answer") found.set(id, lateOf(event, closedAt));
    if (!(type in DECISIONS)) continue;
    const kind = DECISIONS[/** @type {keyof typeof DECISIONS} */ (type)];
    for (const one of data.event_ids) {
      const late = found.get(one);
      if (late) late.decision = { kind, at, actorId: actor_id, reason: data.reason ?? null };
    }
  }
  return [...found.values()];
}

/**
 * @param {any} event
 * @param {number | null} closedAt
 * @returns {Late}
 */
function lateOf({ id, data }, closedAt) {
  const lateMs = closedAt === null ? null : Date.parse(data.received_at) - closedAt;
  return {
    id,
    questionId: data.question_id,
    value: data.value,
    answeredAt: data.answered_at,
    receivedAt: data.received_at,
    lateMs: lateMs !== null && lateMs >= 0 ? lateMs : null,
    decision: null,
  };
}

/**
 * @param {any[]} events that concern one student
 * @returns {Superseded[]}
 */
export function supersededAnswers(events) {
  return inOrder(events)
    .filter(({ type }) => type === "answer_superseded")
    .map(({ id, data }) => ({ id, questionId: data.question_id, value: data.value, answeredAt: data.answered_at }));
}
