/**
 * The one status a student is shown with: the first that fits. The same table as the server's
 * `shown_status`, tested with the same cases (tests/static/shown_status.json).
 *
 * @typedef {"submitted" | "absent" | "disconnected" | "unstable" | "waiting" | "online"} Shown
 */

/** @type {Shown[]} in the order in which they are tried */
export const STATUSES = ["submitted", "absent", "disconnected", "unstable", "waiting", "online"];

/** No sign of life for so many heartbeats: unstable. */
export const UNSTABLE_HEARTBEATS = 2;

const OVER = new Set(["COMPLETED", "CANCELLED"]);

/**
 * @param {any} participant null: never joined
 * @param {any} attempt null: none
 * @param {{status: string}} session
 * @param {number} now server time, milliseconds
 * @param {number} heartbeatSeconds
 * @returns {Shown}
 */
export function shownStatus(participant, attempt, session, now, heartbeatSeconds) {
  if (attempt?.status === "SUBMITTED") return "submitted";
  if (!participant) return "absent";
  if (OVER.has(session.status) || participant.connection_status === "DISCONNECTED") return "disconnected";
  const silence = now - Date.parse(participant.last_activity);
  if (silence > UNSTABLE_HEARTBEATS * heartbeatSeconds * 1000) return "unstable";
  return attempt?.status === "IN_PROGRESS" ? "online" : "waiting";
}
