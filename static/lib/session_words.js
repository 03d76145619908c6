/** How a sitting's status is told: a word and a shape. */

import { t } from "../words/index.js";

/** Names of shapes.js. */
const SHAPES = {
  SCHEDULED: "scheduled",
  WAITING_FOR_STUDENTS: "waiting",
  IN_PROGRESS: "online",
  PAUSED: "paused",
  COMPLETED: "submitted",
  CANCELLED: "cancelled",
};

/**
 * PAUSED is no status of the wire but IN_PROGRESS with `paused_at`.
 * @param {{status: string, paused_at?: string | null}} session
 * @returns {keyof typeof SHAPES}
 */
export function statusOf(session) {
  const paused = session.status === "IN_PROGRESS" && session.paused_at;
  return /** @type {keyof typeof SHAPES} */ (paused ? "PAUSED" : session.status);
}

/** @param {{status: string, paused_at?: string | null}} session */
export function statusWords(session) {
  const status = statusOf(session);
  return { status, shape: SHAPES[status], words: t(`status.${status}`) };
}
