/**
 * The outbox with its storage, and with the short wait for a next keystroke: an operation is kept on
 * the device at once, and sent when its hold has passed.
 *
 * @typedef {import("./outbox.js").Entry} Entry
 * @typedef {import("./outbox.js").Operation} Operation
 */

import { Outbox } from "./outbox.js";

/** A hold is never longer than so many times itself, however fast someone types. */
const LONGEST_HOLDS = 3;

export class Pending {
  /**
   * @param {{load: () => Promise<Entry[]>, put: (entry: Entry) => unknown, remove: (entries: Entry[]) => unknown}} store
   * @param {() => void} ready called when a hold has passed
   */
  constructor(store, ready) {
    this.store = store;
    this.ready = ready;
    this.outbox = new Outbox();
    /** @type {Map<string, {since: number, timer: any}>} */
    this.holds = new Map();
  }

  get entries() {
    return this.outbox.entries;
  }

  async restore() {
    this.store.remove(this.outbox.restore(await this.store.load()));
  }

  /**
   * @param {Operation} op
   * @param {number} [holdMs]
   * @param {{device?: boolean, after?: number}} [more] see `Entry`
   */
  add(op, holdMs = 0, more = {}) {
    const { entry, replaced } = this.outbox.add(op, more);
    this.store.put(entry);
    this.store.remove(replaced);
    if (holdMs > 0) this.hold(entry.key, holdMs);
    else this.release(entry.key);
  }

  /**
   * @param {() => number} nextSeq
   * @param {(entry: Entry) => void} [ready] called with each before it goes
   * @returns {(Operation & {seq: number})[]} what may be sent now
   */
  take(nextSeq, ready) {
    return this.outbox.take(nextSeq, ({ key }) => !this.holds.has(key), ready);
  }

  /**
   * @param {number} seq
   * @returns {Operation[]} what is acknowledged
   */
  settle(seq) {
    const gone = this.outbox.settle(seq);
    this.store.remove(gone);
    return gone.map(({ op }) => op);
  }

  /**
   * @param {number} seq
   * @returns {Operation | null} what was refused for good
   */
  refuse(seq) {
    const entry = this.outbox.refuse(seq);
    if (entry) this.store.remove([entry]);
    return entry?.op ?? null;
  }

  /**
   * Refused for now: once more in a moment.
   * @param {number} seq
   * @param {number} waitMs
   */
  postpone(seq, waitMs) {
    const entry = this.entries.find((item) => item.seq === seq);
    this.store.remove(this.outbox.postpone(seq));
    if (entry) this.hold(entry.key, waitMs);
  }

  /** @param {string} key */
  withdraw(key) {
    this.store.remove(this.outbox.withdraw(key));
  }

  connectionLost() {
    this.store.remove(this.outbox.connectionLost());
  }

  /**
   * @param {string} key
   * @param {number} holdMs
   */
  hold(key, holdMs) {
    const now = Date.now();
    const since = this.holds.get(key)?.since ?? now;
    clearTimeout(this.holds.get(key)?.timer);
    const wait = Math.min(holdMs, Math.max(0, since + LONGEST_HOLDS * holdMs - now));
    const timer = setTimeout(() => {
      this.release(key);
      this.ready();
    }, wait);
    this.holds.set(key, { since, timer });
  }

  /** @param {string} key */
  release(key) {
    clearTimeout(this.holds.get(key)?.timer);
    this.holds.delete(key);
  }

  releaseAll() {
    for (const key of [...this.holds.keys()]) this.release(key);
  }
}
