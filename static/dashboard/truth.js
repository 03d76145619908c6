/**
 * Whether a dashboard may call itself live: only while the room equalled the database at most 3 s
 * ago and a frame came within 3 s. Pure; all times in milliseconds of the device's clock, except the
 * difference that the pulse itself tells.
 *
 * @typedef {{lastFrameAt: number, pulseAt: number | null, agedMs: number, heartbeats: number}} Signs
 *   `agedMs`: server_time − verified_at in the latest pulse about this sitting
 */

export const STALE_MS = 3_000;

/** @type {Signs} */
export const NO_SIGNS = { lastFrameAt: -Infinity, pulseAt: null, agedMs: Infinity, heartbeats: 0 };

/**
 * @param {Signs} signs
 * @param {any} message any frame
 * @param {string} sessionId
 * @param {number} now
 * @returns {Signs}
 */
export function heard(signs, message, sessionId, now) {
  const next = { ...signs, lastFrameAt: now };
  if (message.type !== "pulse") return next;
  const mine = message.sessions.find((/** @type {any} */ item) => item.session_id === sessionId);
  if (!mine) return next;
  const agedMs = mine.verified_at
    ? Date.parse(message.server_time) - Date.parse(mine.verified_at)
    : Infinity;
  return { ...next, pulseAt: now, agedMs, heartbeats: mine.heartbeats };
}

/**
 * @param {Signs} signs
 * @param {number} now
 * @returns {{live: boolean, ageMs: number}} `ageMs`: how old the truth is
 */
export function truth(signs, now) {
  const ageMs = signs.pulseAt === null ? Infinity : Math.max(0, signs.agedMs) + now - signs.pulseAt;
  return { live: ageMs <= STALE_MS && now - signs.lastFrameAt <= STALE_MS, ageMs };
}
