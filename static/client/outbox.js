/**
 * Operations that the server has not acknowledged yet, in the order they were done. Pure: no clock,
 * no storage, no socket.
 *
 * - Of several operations with one key (one question, one highlight, …) only the newest unsent one
 *   is kept: its value replaces the older one's.
 * - A sent operation stays until its `seq` is settled; when the connection is lost, all that is left
 *   is sent again with new numbers, in this connection or the next.
 * - `submit` is held back until everything before it is settled.
 *
 * @typedef {{type: string, [field: string]: unknown}} Operation what is sent, without `seq`
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} key
 * @property {number} order
 * @property {Operation} op
 * @property {number | null} seq its number in the present connection; null: not sent in it
 * @property {boolean} device its time is the device's own: the server's was not known
 * @property {number} after an answer: it was given in knowledge of one of this time (server, ms)
 */

import { uuid } from "./ids.js";

/** What an entry that an earlier version of this script kept may lack. */
const BLANK = { device: true, after: 0 };

/**
 * Operations with the same key replace each other.
 * @param {Operation} op
 * @returns {string}
 */
export function keyOf(op) {
  switch (op.type) {
    case "answer":
      return `answer:${op.question_id}`;
    case "highlight":
      return `highlight:${/** @type {{id: string}} */ (op.highlight).id}`;
    case "remove_highlight":
      return `highlight:${op.id}`;
    case "raise_hand":
    case "lower_hand":
      return "hand";
    case "received":
    case "read":
      return `${op.type}:${op.message_id}`;
    default:
      return op.type;
  }
}

/**
 * The server time (ms) that an answer must be after to replace this one.
 * @param {Entry} entry
 */
function latestOf({ op, device, after }) {
  const given = device || op.type !== "answer" ? 0 : Date.parse(/** @type {string} */ (op.answered_at));
  return Math.max(given, after);
}

export class Outbox {
  /** @param {Entry[]} [entries] what an earlier page left behind */
  constructor(entries = []) {
    /** @type {Entry[]} */
    this.entries = [];
    this.lastOrder = 0;
    this.restore(entries);
  }

  /** How many operations are not acknowledged. */
  get size() {
    return this.entries.length;
  }

  /** @param {string} key */
  has(key) {
    return this.entries.some((entry) => entry.key === key);
  }

  /**
   * Take over what storage held; entries known already stay as they are.
   * @param {Entry[]} entries
   */
  restore(entries) {
    const known = new Set(this.entries.map((entry) => entry.id));
    for (const entry of entries) {
      if (!known.has(entry.id)) this.entries.push({ ...BLANK, ...entry, seq: null });
      this.lastOrder = Math.max(this.lastOrder, entry.order);
    }
    this.entries.sort((a, b) => a.order - b.order);
    return this.thin();
  }

  /**
   * Add an operation; unsent ones with its key are replaced.
   * @param {Operation} op
   * @param {{device?: boolean, after?: number}} [more] see `Entry`
   * @returns {{entry: Entry, replaced: Entry[]}}
   */
  add(op, { device = false, after = 0 } = {}) {
    const key = keyOf(op);
    const earlier = this.entries.filter((entry) => entry.key === key);
    const replaced = earlier.filter(({ seq }) => seq === null);
    this.lastOrder += 1;
    const known = Math.max(after, ...earlier.map(latestOf));
    const entry = { id: uuid(), key, order: this.lastOrder, op, seq: null, device, after: known };
    this.entries = this.entries.filter((old) => !replaced.includes(old));
    this.entries.push(entry);
    return { entry, replaced };
  }

  /**
   * The messages to send now, numbered; they count as sent from here on.
   * @param {() => number} nextSeq
   * @param {(entry: Entry) => boolean} [mayGo] false: this one waits a little longer
   * @param {(entry: Entry) => void} [ready] called with each before it goes
   * @returns {(Operation & {seq: number})[]}
   */
  take(nextSeq, mayGo = () => true, ready = () => {}) {
    const messages = [];
    for (const entry of this.entries) {
      if (entry.seq !== null || !mayGo(entry)) continue;
      if (entry.key === "submit" && this.entries.some((other) => other.key !== "submit")) continue;
      ready(entry);
      entry.seq = nextSeq();
      messages.push({ ...entry.op, seq: entry.seq });
    }
    return messages;
  }

  /**
   * Everything up to `seq` is on disk, or was refused before.
   * @param {number} seq
   * @returns {Entry[]} what has left the outbox
   */
  settle(seq) {
    return this.drop((entry) => entry.seq !== null && entry.seq <= seq);
  }

  /**
   * The operation numbered `seq` was refused for good.
   * @param {number} seq
   * @returns {Entry | null}
   */
  refuse(seq) {
    return this.drop((entry) => entry.seq === seq)[0] ?? null;
  }

  /**
   * The operation numbered `seq` was refused for now: it is sent again with a new number.
   * @param {number} seq
   */
  postpone(seq) {
    for (const entry of this.entries) if (entry.seq === seq) entry.seq = null;
    return this.thin();
  }

  /**
   * Take back an operation that was not sent yet.
   * @param {string} key
   * @returns {Entry[]} what has left; empty if it is on its way
   */
  withdraw(key) {
    return this.drop((entry) => entry.key === key && entry.seq === null);
  }

  /** The connection is gone: what was sent on it may or may not have arrived. */
  connectionLost() {
    for (const entry of this.entries) entry.seq = null;
    return this.thin();
  }

  /**
   * Keep only the newest unsent entry of each key.
   * @returns {Entry[]} what has left
   */
  thin() {
    const newest = new Map(this.entries.map((entry) => [entry.key, entry]));
    return this.drop((entry) => entry.seq === null && newest.get(entry.key) !== entry);
  }

  /** @param {(entry: Entry) => boolean} goes */
  drop(goes) {
    const gone = this.entries.filter(goes);
    this.entries = this.entries.filter((entry) => !gone.includes(entry));
    return gone;
  }
}
