/**
 * Which screen a student sees: pure, from the client's state and status. The first that fits.
 *
 * @typedef {"signed_out" | "forbidden" | "failed" | "replaced" | "cancelled" | "submitted" | "over"
 *   | "not_open" | "connecting" | "first_offline" | "waiting" | "paused" | "time_up" | "test"} Phase
 */

/**
 * @param {import("../client/state.js").State} state
 * @param {import("../client/client.js").ClientStatus} status
 * @param {number} now server time, milliseconds
 * @returns {Phase}
 */
export function phaseOf({ session, attempt, test }, { connection }, now) {
  if (connection === "signed_out" || connection === "replaced") return connection;
  if (session?.status === "CANCELLED") return "cancelled";
  if (attempt?.status === "SUBMITTED") return "submitted";
  if (connection === "forbidden" || connection === "failed") return connection;
  if (connection === "over" || session?.status === "COMPLETED") return "over";
  if (!session) return BEFORE[connection] ?? "connecting";
  if (session.status !== "IN_PROGRESS") return "waiting";
  if (session.paused_at) return "paused";
  if (!test) return "connecting";
  if (session.closes_at && Date.parse(session.closes_at) <= now) return "time_up";
  return "test";
}

/** @type {Record<string, Phase>} */
const BEFORE = { not_open: "not_open", offline: "first_offline" };
