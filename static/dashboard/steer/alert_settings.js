/**
 * How a teacher wants to be alerted, kept on this device.
 *
 * @typedef {object} Settings
 * @property {Record<import("./alerts.js").Kind, boolean>} kinds
 * @property {number} seconds a disconnect is told when it lasts so long
 * @property {boolean} sound
 * @property {boolean} desktop
 */

import { KINDS } from "./alerts.js";

const KEY = "monitor.alerts";
export const SECONDS_MOST = 600;

/** @type {Settings} */
export const FIRST = { kinds: { disconnected: true, hand: true, away: true }, seconds: 15, sound: false, desktop: false };

/**
 * @param {Pick<Storage, "getItem">} [storage]
 * @returns {Settings} what was kept; where that is nothing, or nonsense, what is at first
 */
export function readSettings(storage = localStorage) {
  /** @type {any} */
  let kept = null;
  try {
    kept = JSON.parse(storage.getItem(KEY) ?? "null");
  } catch {
    // Not ours: as if nothing was kept.
  }
  const flag = (/** @type {unknown} */ value, /** @type {boolean} */ other) => (typeof value === "boolean" ? value : other);
  const kinds = /** @type {Settings["kinds"]} */ (Object.fromEntries(KINDS.map((kind) => [kind, flag(kept?.kinds?.[kind], FIRST.kinds[kind])])));
  return { kinds, seconds: secondsOf(kept?.seconds) ?? FIRST.seconds, sound: flag(kept?.sound, false), desktop: flag(kept?.desktop, false) };
}

/**
 * @param {Settings} settings
 * @param {Pick<Storage, "setItem">} [storage]
 */
export function keepSettings(settings, storage = localStorage) {
  storage.setItem(KEY, JSON.stringify(settings));
}

/**
 * @param {unknown} value
 * @returns {number | null} null: not a number of seconds from 0 to SECONDS_MOST
 */
export function secondsOf(value) {
  const number = typeof value === "string" && value.trim() === "" ? NaN : Number(value ?? NaN);
  return Number.isInteger(number) && number >= 0 && number <= SECONDS_MOST ? number : null;
}
