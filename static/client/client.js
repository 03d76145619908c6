/**
 * A student's place in a sitting. What is done here is kept on the device until the server says that
 * it is on disk, is sent again after every fall of the connection, and survives a reload.
 * `docs/client.md` describes it for those who embed it.
 *
 * Events (`addEventListener`), all after `state` and `status` are up to date:
 * - `change`: anything a page shows may have changed
 * - `message` (detail: `{id, text, sent_at}`): the teacher wrote
 * - `refused` (detail: `{op, code, message}`): the server would not take an operation (`late`: it is
 *   kept for the teacher)
 *
 * @typedef {object} Options
 * @property {string} url of the server, e.g. `https://monitor.example`
 * @property {string} token of `POST /api/login`
 * @property {string} sessionId
 * @property {string} [studentId] whose outbox this is, on a device that others use too; the token's
 * @property {() => Promise<string | null>} [refresh] a new token when the old one has expired; null:
 *   there is none to be had
 * @property {Storage | null} [tabStorage] remembers the place over a reload; the tab's sessionStorage
 *
 * @typedef {"connecting" | "online" | "offline" | "not_open" | "replaced" | "over" | "forbidden"
 *   | "signed_out" | "failed"} Connection
 * @typedef {object} ClientStatus
 * @property {Connection} connection
 * @property {string | null} reason the server's sentence about the last fall, if it gave one
 * @property {number | null} retryAt when the next try is made (device clock)
 * @property {number} unsaved answers and highlights kept on this device only
 * @property {string | null} savedAt server time of the last saved work
 * @property {boolean} handingIn handed in here, not acknowledged yet
 * @property {number | null} waitingSince since when something sent has not been acknowledged
 */

import { uuid } from "./ids.js";
import { Line } from "./line.js";
import { Outgoing } from "./outgoing.js";
import { sizeOf } from "./parting.js";
import { plain } from "./plain_text.js";
import { ServerClock } from "./server_clock.js";
import { EMPTY, overlaid, reduce, refolded, settled } from "./state.js";
import { connectionOf } from "./status.js";
import { OutboxStore } from "./store.js";
import { tabStorageOf, userOf } from "./surroundings.js";

const RECENT_MS = 5_000;
const TEMPORARY_MS = 1_000;
/** Ends after which what was given before still counts by its time. */
const PARTINGS = new Set([4503, 4505]);
/** A larger frame is refused by the server, and with it the connection. */
const LARGEST_BYTES = 62_000;
/** What a student would miss: receipts are not counted as unsaved work. */
const WORK = /^(answer|highlight|submit)/;

export class Client extends EventTarget {
  /** @param {Options} options */
  constructor(options) {
    super();
    const { token, sessionId, studentId = userOf(token), refresh, tabStorage = tabStorageOf() } = options;
    const url = options.url.replace(/\/+$/, "");
    const place = `${studentId}|${sessionId}`;
    this.url = url;
    this.clock = new ServerClock();
    this.store = new OutboxStore(place);
    this.base = EMPTY;
    /** @type {number | null} */
    this.waitingSince = null;
    /** @type {{op: any, serverTime: string, at: number}[]} */
    this.recent = [];
    this.asking = false;
    this.line = new Line({
      url,
      token,
      sessionId,
      place,
      tabStorage,
      refresh,
      onMessage: (message) => this.receive(message),
      onStatus: (status) => this.lineChanged(status),
    });
    this.outgoing = new Outgoing({
      url,
      line: this.line,
      store: this.store,
      clock: this.clock,
      stored: (questionId) => this.base.attempt?.answers[/** @type {string} */ (questionId)],
      ready: () => this.flush(),
    });
    this.pending = this.outgoing.pending;
    this.ends = [
      listen(document, "visibilitychange", () => document.visibilityState === "hidden" && this.hidden()),
      listen(window, "pagehide", () => this.lastWords()),
    ];
  }

  async start() {
    await this.pending.restore();
    this.changed();
    this.line.start();
  }

  /** The sitting, attempt, test and messages, with the student's own work laid over. */
  get state() {
    return overlaid(this.base, this.pending.entries);
  }

  /** @returns {ClientStatus} */
  get status() {
    const connection = connectionOf(this.line.status);
    return {
      // What a join brings is known a moment after the line stands.
      connection: connection === "online" && this.base.session === null ? "connecting" : connection,
      reason: this.line.status.reason,
      retryAt: this.line.status.retryAt,
      unsaved: this.pending.entries.filter(({ key }) => WORK.test(key)).length,
      savedAt: this.base.savedAt,
      handingIn: this.pending.outbox.has("submit"),
      waitingSince: this.waitingSince,
    };
  }

  /** The server's time now, milliseconds since 1970. */
  now() {
    return this.clock.now();
  }

  /**
   * @param {string} questionId
   * @param {unknown} value null clears
   * @param {number} [holdMs] wait so long for a next keystroke before sending; it is kept at once
   */
  answer(questionId, value, holdMs = 0) {
    this.do({ type: "answer", question_id: questionId, value: plain(value), answered_at: this.isoNow() }, holdMs);
  }

  /**
   * Add a highlight, or replace the one with its id.
   * @param {Omit<import("./positions.js").Highlight, "timestamp">} highlight its time is now
   */
  highlight(highlight) {
    const { text, comment } = highlight;
    const clean = { ...highlight, text: plain(text), comment: plain(comment), timestamp: this.isoNow() };
    this.do({ type: "highlight", highlight: clean });
  }

  /** @param {string} id */
  removeHighlight(id) {
    this.do({ type: "remove_highlight", id });
  }

  /** @param {string | null} [text] */
  raiseHand(text = null) {
    this.do({ type: "raise_hand", id: uuid(), ...(text ? { text: plain(text) } : {}) });
  }

  lowerHand() {
    this.do({ type: "lower_hand", id: uuid() });
  }

  /** @param {string} messageId */
  markRead(messageId) {
    this.do({ type: "read", message_id: messageId });
  }

  /** Hand in once everything before is saved; kept over a fall of the connection like all else. */
  handIn() {
    this.pending.releaseAll();
    if (!this.pending.outbox.has("submit")) this.do({ type: "submit", given_at: this.isoNow() });
  }

  /** Go on working instead, as long as the hand-in has not been sent. */
  keepWorking() {
    this.pending.withdraw("submit");
    this.changed();
  }

  /** @param {string | null} questionId where the student is */
  at(questionId) {
    if (this.line.questionId === questionId) return;
    this.line.questionId = questionId;
    this.line.beat();
  }

  /** Take the place back from the window or device it was continued in. */
  takeOver() {
    this.line.forgetPlace();
    this.line.start();
  }

  /**
   * A deliberate end: nothing of this place stays in the tab, for the next at a shared computer. What
   * is not acknowledged stays in the outbox, for this student only.
   */
  leave() {
    this.lastWords();
    this.line.send({ type: "leave" });
    this.line.forgetAll();
    this.close();
  }

  close() {
    this.line.close();
    for (const end of this.ends) end();
    this.store.close();
  }

  /**
   * @param {import("./outbox.js").Operation} op
   * @param {number} [holdMs]
   */
  do(op, holdMs = 0) {
    if (sizeOf(op) > LARGEST_BYTES) {
      this.tellRefused({ op, code: "too_large", message: "This is too long to be saved. Make it shorter." });
      return;
    }
    this.outgoing.add(op, holdMs);
    this.flush();
    this.changed();
  }

  /** @param {boolean} [all] also what waits for a next keystroke */
  flush(all = false) {
    if (all) this.pending.releaseAll();
    if (!this.line.isOpen || this.asksTheTime()) return;
    for (const message of this.outgoing.take()) {
      this.line.send(message);
      this.waitingSince ??= Date.now();
    }
  }

  /** After the device's clock was set, or a sleep, nothing goes before the server has told its time. */
  asksTheTime() {
    if (this.clock.sure || this.pending.entries.length === 0) return false;
    if (!this.asking) this.line.beat();
    this.asking = true;
    return true;
  }

  /** The page may be frozen or ended from now on. */
  hidden() {
    if (this.line.isOpen) this.flush(true);
    else this.lastWords();
  }

  /** The page goes away, and the connection with it. */
  lastWords() {
    this.flush(true);
    this.outgoing.lastWords();
  }

  /** @param {import("./link.js").Status} status */
  lineChanged({ phase, code }) {
    if (phase !== "open") {
      this.waitingSince = null;
      this.asking = false;
      this.pending.connectionLost();
      if (phase === "closed" && PARTINGS.has(code ?? 0)) this.part();
    }
    this.changed();
  }

  /** The line is gone for good: the rest goes by HTTP. */
  part() {
    return this.outgoing.handOver((answer) => {
      this.clock.learn(answer.server_time);
      for (const error of answer.errors) this.refused(error);
      if (answer.ack) this.acknowledged({ seq: answer.ack, server_time: answer.server_time });
      this.changed();
    });
  }

  /** @param {any} message */
  receive(message) {
    this.clock.learn(message.server_time);
    if (this.asking && this.clock.sure) {
      this.asking = false;
      this.flush();
    }
    switch (message.type) {
      case "ack":
        this.acknowledged(message);
        break;
      case "error":
        this.refused(message);
        break;
      case "joined":
        this.joined(message);
        break;
      case "attempt":
        this.base = refolded(reduce(this.base, message), this.recentWork());
        break;
      case "message":
        this.base = reduce(this.base, message);
        this.do({ type: "received", message_id: message.id });
        this.dispatchEvent(new CustomEvent("message", { detail: message }));
        break;
      default:
        this.base = reduce(this.base, message);
    }
    this.changed();
  }

  /** @param {any} message */
  joined(message) {
    const known = new Set(this.base.messages.map(({ id }) => id));
    this.base = reduce(this.base, message);
    for (const { id, read } of message.messages) {
      if (!read && !known.has(id)) this.do({ type: "received", message_id: id });
    }
    this.flush();
    this.line.beat();
  }

  /** @param {{seq: number, server_time: string}} ack */
  acknowledged({ seq, server_time: serverTime }) {
    const ops = this.outgoing.settle(seq, serverTime);
    if (ops.length === 0) return;
    this.base = settled(this.base, ops, serverTime);
    const work = ops.map((op) => ({ op, serverTime, at: Date.now() }));
    this.recent = [...this.recentWork(), ...work];
    this.waitingSince = this.pending.entries.some((entry) => entry.seq !== null) ? Date.now() : null;
    this.flush();
  }

  /** @param {{seq: number | null, code: string, message: string, temporary: boolean}} error */
  refused({ seq, code, message, temporary }) {
    if (seq === null || seq === undefined) return;
    if (temporary) {
      this.pending.postpone(seq, TEMPORARY_MS);
      return;
    }
    const op = this.pending.refuse(seq);
    if (op) this.tellRefused({ op, code, message });
    this.flush();
  }

  /** @param {{op: import("./outbox.js").Operation, code: string, message: string}} detail */
  tellRefused(detail) {
    this.dispatchEvent(new CustomEvent("refused", { detail }));
  }

  recentWork() {
    return this.recent.filter(({ at }) => at > Date.now() - RECENT_MS);
  }

  /** The server's time as far as it is known, else the device's. */
  isoNow() {
    return new Date(this.clock.now()).toISOString();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {() => void} work
 */
function listen(target, type, work) {
  target.addEventListener(type, work);
  return () => target.removeEventListener(type, work);
}
