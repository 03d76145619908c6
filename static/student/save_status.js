/**
 * The one line that says the work is safe, and the bar that says it is not: pure.
 *
 * @typedef {{kind: "saved" | "saving" | "trouble", shape: string, key: string, at: string | null}} SaveLine
 * @typedef {{key: string, count: number} | null} Warning
 */

/** What is sent is acknowledged within a blink; longer than so, something is wrong. */
const SLOW_MS = 5_000;

/**
 * @param {import("../client/client.js").ClientStatus} status
 * @param {number} now the device's clock
 * @returns {SaveLine}
 */
export function saveLine(status, now) {
  const { connection, unsaved, savedAt } = status;
  if (connection === "offline") return { kind: "trouble", shape: "disconnected", key: "save.offline", at: null };
  if (connection === "connecting") return { kind: "saving", shape: "saving", key: "save.connecting", at: null };
  if (slow(status, now)) return { kind: "trouble", shape: "alert", key: "save.trying", at: null };
  if (unsaved > 0) return { kind: "saving", shape: "saving", key: "save.saving", at: null };
  if (savedAt) return { kind: "saved", shape: "online", key: "save.saved", at: savedAt };
  return { kind: "saved", shape: "online", key: "save.ready", at: null };
}

/**
 * @param {import("../client/client.js").ClientStatus} status
 * @param {number} now the device's clock
 * @returns {Warning}
 */
export function warning(status, now) {
  const { connection, unsaved } = status;
  if (connection === "offline") return { key: unsaved > 0 ? "offline.some" : "offline.none", count: unsaved };
  if (unsaved > 0 && slow(status, now)) return { key: "offline.slow", count: unsaved };
  return null;
}

/**
 * @param {import("../client/client.js").ClientStatus} status
 * @param {number} now
 */
function slow({ waitingSince }, now) {
  return waitingSince !== null && now - waitingSince > SLOW_MS;
}
