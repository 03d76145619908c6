/**
 * Whether a dashboard may call itself live: only while the room equalled the database at most 3 s
 * ago and a frame came within 3 s. The age is counted from the latest pulse about the sitting, so
 * the second follows from the first: without a frame it grows. Pure; milliseconds of the device's
 * clock, except the difference that the pulse itself tells.
 *
 * @typedef {{pulseAt: number | null, agedMs: number, heartbeats: number}} Signs
 *   `agedMs`: server_time − verified_at in that pulse
 */

export const STALE_MS = 3_000;

/** @type {Signs} */
export const NO_SIGNS = { pulseAt: null, agedMs: Infinity, heartbeats: 0 };

/**
 * @param {Signs} signs
 * @param {any} message any frame
 * @param {string} sessionId
 * @param {number} now
 * @returns {Signs}
 */
export function heard(signs, message, sessionId, now) {
  if (message.type !== "pulse") return signs;
  const mine = message.sessions.find((/** @type {any} */ item) => item.session_id === sessionId);
  if (!mine) return signs;
  const agedMs = mine.verified_at
    ? Date.parse(message.server_time) - Date.parse(mine.verified_at)
    : Infinity;
  return { pulseAt: now, agedMs, heartbeats: mine.heartbeats };
}

/**
 * @param {Signs} signs
 * @param {number} now
 * @returns {{live: boolean, ageMs: number}} `ageMs`: how old the truth is
 */
export function truth({ pulseAt, agedMs }, now) {
  const ageMs = pulseAt === null ? Infinity : Math.max(0, agedMs) + now - pulseAt;
  return { live: ageMs <= STALE_MS, ageMs };
}
