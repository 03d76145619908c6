/**
 * What leaves this device: the outbox, with the times under which the server is to know each
 * operation, and the ways out when there is no connection (any more).
 *
 * @typedef {import("./outbox.js").Operation} Operation
 * @typedef {import("./outbox.js").Entry} Entry
 */

import { backoffMs } from "./backoff.js";
import { sendLastWords, sendRemaining } from "./parting.js";
import { Pending } from "./pending.js";
import { tellTime } from "./precedence.js";

const PARTING_TRIES = 8;
const REPLACED = 4505;

export class Outgoing {
  /**
   * @param {object} options
   * @param {string} options.url
   * @param {import("./line.js").Line} options.line
   * @param {import("./store.js").OutboxStore} options.store
   * @param {import("./server_clock.js").ServerClock} options.clock
   * @param {(questionId: unknown) => {value: unknown, answered_at: string} | undefined} options.stored
   *   what the server is known to hold
   * @param {() => void} options.ready called when a hold has passed
   */
  constructor({ url, line, store, clock, stored, ready }) {
    this.url = url;
    this.line = line;
    this.store = store;
    this.clock = clock;
    this.stored = stored;
    this.pending = new Pending(store, ready);
    /** @type {Map<unknown, number>} by question: when an answer of this page was settled, server time */
    this.own = new Map();
    this.parting = false;
  }

  get entries() {
    return this.pending.entries;
  }

  /**
   * @param {Operation} op
   * @param {number} [holdMs]
   */
  add(op, holdMs = 0) {
    const known = op.type === "answer" ? this.stored(op.question_id) : undefined;
    const after = known ? Date.parse(known.answered_at) : 0;
    this.pending.add(op, holdMs, { device: !this.clock.known, after });
  }

  /** What may be sent now, numbered for the line. */
  take() {
    return this.pending.take(
      () => this.line.nextSeq(),
      (entry) => this.makeReady(entry),
    );
  }

  /**
   * Give an operation the time under which the server is to know it, for good.
   * @param {Entry} entry
   */
  makeReady(entry) {
    const before = entry.op;
    tellTime(entry, {
      now: Math.floor(this.clock.now()),
      offsetMs: this.clock.offsetMs,
      own: this.own.get(before.question_id) ?? 0,
    });
    if (entry.op !== before) this.store.put(entry);
  }

  /**
   * @param {number} seq
   * @param {string} serverTime
   * @returns {Operation[]} what is acknowledged
   */
  settle(seq, serverTime) {
    const operations = this.pending.settle(seq);
    for (const { type, question_id } of operations) {
      if (type === "answer") this.own.set(question_id, Date.parse(serverTime));
    }
    return operations;
  }

  /** The page goes away, and the connection with it. */
  lastWords() {
    const { attemptId, token } = this.line;
    // An answer told with a time to come would win over every other one, however late it arrives.
    if (attemptId === null || !this.clock.sure) return;
    const newest = [...new Map(this.entries.map((entry) => [entry.key, entry])).values()];
    for (const entry of newest) if (entry.seq === null) this.makeReady(entry);
    sendLastWords({ url: this.url, token, attemptId }, newest.map(({ op }) => op));
  }

  /**
   * The line is gone for good: hand over by HTTP what it did not carry.
   * @param {(answer: any) => void} hear called with each answer of the server
   */
  async handOver(hear) {
    if (this.parting) return;
    this.parting = true;
    // Whoever goes on elsewhere has not handed in here.
    if (this.line.status.code === REPLACED) for (const key of ["submit", "hand"]) this.pending.withdraw(key);
    for (let tries = 0; tries < PARTING_TRIES && this.line.status.phase === "closed"; ) {
      const { attemptId, token } = this.line;
      const operations = attemptId === null ? [] : this.take();
      if (operations.length === 0) break;
      const where = { url: this.url, token, attemptId: /** @type {string} */ (attemptId) };
      const answer = await sendRemaining(where, operations);
      if (answer) hear(answer);
      this.pending.connectionLost();
      if (answer) continue;
      await this.line.pause(backoffMs(tries));
      tries += 1;
    }
    this.parting = false;
  }
}
