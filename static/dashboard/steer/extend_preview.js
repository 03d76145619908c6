/**
 * What more or less time would mean, before it is given: the rules of the server's `extend`, for
 * the page's preview. Pure. Milliseconds; what `before` and `after` are depends on the mode:
 * `running`: the moment of the end; `paused`: what is left; `planned`: how long one has in all.
 *
 * @typedef {"running" | "paused" | "planned"} Mode
 * @typedef {{id: string, name: string, before: number, after: number, hinders: "closed" | "near" | null}} Person
 *   `hinders`: handed in already; would be left with less than a minute
 * @typedef {object} Preview
 * @property {Mode} mode
 * @property {{before: number, after: number} | null} whole of the sitting; null if only some are meant
 * @property {Person[]} people
 * @property {Person[]} near
 * @property {Person[]} closed
 * @property {boolean} possible whether the server would do anything
 */

import { nameOf } from "./names.js";
import { endsAt, timeLeft } from "../deadlines.js";
import { everyone } from "../row.js";

export const LEAST_LEFT_MS = 60_000;

/**
 * Whether there is any time to change.
 * @param {any} session
 */
export function isExtendable(session) {
  return session.duration_seconds !== null && !["COMPLETED", "CANCELLED"].includes(session.status);
}

/**
 * @param {import("../state.js").State} state
 * @param {string[] | null} studentIds null: all
 * @param {number} minutes
 * @param {number} now server time
 * @returns {Preview}
 */
export function extendPreview(state, studentIds, minutes, now) {
  const { session } = state;
  const mode = session.status !== "IN_PROGRESS" ? "planned" : session.paused_at ? "paused" : "running";
  const change = minutes * 60_000;
  const at = (/** @type {string | null} */ id) => standing(session, mode, id, now);
  const leftAfter = (/** @type {string | null} */ id) =>
    (mode === "running" ? (timeLeft(session, id, now) ?? 0) : at(id)) + change;
  const people = (studentIds ?? everyone(state)).map((id) => {
    const attempt = state.attempts.get(id);
    const closed = attempt?.status === "SUBMITTED";
    // For all, only who is at work can be left with too little.
    const asked = studentIds !== null || attempt?.status === "IN_PROGRESS";
    const near = !closed && asked && minutes !== 0 && leftAfter(id) < LEAST_LEFT_MS;
    const before = at(id);
    /** @type {Person["hinders"]} */
    const hinders = closed ? "closed" : near ? "near" : null;
    return { id, name: nameOf(state, id), before, after: closed || near ? before : before + change, hinders };
  });
  const near = people.filter(({ hinders }) => hinders === "near");
  const closed = people.filter(({ hinders }) => hinders === "closed");
  const whole = studentIds === null ? { before: at(null), after: at(null) + change } : null;
  const working = people.some(({ id }) => state.attempts.get(id)?.status === "IN_PROGRESS");
  const fits = studentIds === null ? near.length === 0 && (working || leftAfter(null) >= LEAST_LEFT_MS) : people.some(({ hinders }) => !hinders);
  return { mode, whole, people, near, closed, possible: minutes !== 0 && fits };
}

/**
 * @param {any} session
 * @param {Mode} mode
 * @param {string | null} studentId
 * @param {number} now
 */
function standing(session, mode, studentId, now) {
  const extra = (studentId === null ? 0 : (session.extra_seconds[studentId] ?? 0)) * 1000;
  if (mode === "running") return (endsAt(session, now) ?? now) + extra;
  if (mode === "paused") return timeLeft(session, studentId, now) ?? 0;
  return (session.duration_seconds + session.extended_seconds) * 1000 + extra;
}
