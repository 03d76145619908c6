/**
 * Who has got a message, and who has read it. Pure.
 *
 * @typedef {{id: string, name: string, deliveredAt: string | null, readAt: string | null}} Receipt
 * @typedef {{to: Receipt[], delivered: number, read: number}} Receipts who lacks it comes first
 */

import { nameOf } from "./names.js";
import { everyone } from "../row.js";

/**
 * @param {import("../state.js").State} state
 * @param {any} message of `state.messages`
 * @returns {Receipts}
 */
export function receiptsOf(state, message) {
  const to = (message.student_ids ?? everyone(state)).map((/** @type {string} */ id) => ({
    id,
    name: nameOf(state, id),
    deliveredAt: message.delivered[id] ?? null,
    readAt: message.read[id] ?? null,
  }));
  const delivered = to.filter((/** @type {Receipt} */ one) => one.deliveredAt !== null).length;
  const read = to.filter((/** @type {Receipt} */ one) => one.readAt !== null).length;
  return { to: to.sort((/** @type {Receipt} */ a, /** @type {Receipt} */ b) => lacks(b) - lacks(a) || a.name.localeCompare(b.name)), delivered, read };
}

/** @param {Receipt} receipt */
function lacks({ deliveredAt, readAt }) {
  return (deliveredAt === null ? 2 : 0) + (readAt === null ? 1 : 0);
}

/**
 * The newest first.
 * @param {import("../state.js").State} state
 * @returns {any[]}
 */
export function messagesOf(state) {
  return [...state.messages.values()].sort((a, b) => (a.sent_at < b.sent_at ? 1 : a.sent_at > b.sent_at ? -1 : 0));
}
