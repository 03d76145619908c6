/**
 * Keeps one connection alive: opens it, says hello, notices silence, comes back after a fall, and
 * obeys the server's `bye`. Knows nothing of what travels over it. Students and dashboards use it.
 *
 * Close codes 4500–4999 end it for good; 4005 asks for a new token first; all others come back,
 * after `after_ms` where the server named it, else after a jittered wait.
 *
 * @typedef {"connecting" | "open" | "waiting" | "closed"} Phase
 * @typedef {{phase: Phase, code: number | null, reason: string | null, failures: number, retryAt: number | null}} Status
 *   `code`, `reason`: of the last fall, until the connection stands again; the reason is the server's
 *   sentence, where it gave one
 * @typedef {object} Options
 * @property {(failures: number) => WebSocket} connector a new socket, or something that behaves like one
 * @property {() => object | Promise<object>} hello the first message
 * @property {string} welcome type of the message that answers it
 * @property {(message: any) => void} onMessage every message but `bye`
 * @property {(status: Status) => void} onStatus
 * @property {() => Promise<boolean>} [refresh] get a new token; false: there is none to be had
 * @property {() => void} [probe] send something that the server answers at once
 * @property {number} [silenceMs] no frame for so long means that the connection is dead
 * @property {number} [openMs] how long opening may take
 * @property {typeof defaultTimers} [timers]
 */

import { backoffMs } from "./backoff.js";

export const TOKEN_EXPIRED = 4005;
export const BAD_TOKEN = 4500;
/** How long an open connection has to give a sign when asked; less after what looks like a cut. */
const PROBE_MS = 2_500;
const URGENT_PROBE_MS = 1_500;
/** A try that has taken so long when the network is back began without it. */
const STALE_TRY_MS = 1_000;
const OPEN = 1;

export const defaultTimers = {
  now: () => Date.now(),
  random: () => Math.random(),
  /** @type {(work: () => void, ms: number) => any} */
  after: (work, ms) => setTimeout(work, ms),
  /** @type {(timer: any) => void} */
  cancel: (timer) => clearTimeout(timer),
};

export class Link {
  /** @param {Options} options */
  constructor(options) {
    this.options = { silenceMs: 12_000, openMs: 10_000, timers: defaultTimers, ...options };
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {Status} */
    this.status = { phase: "closed", code: null, reason: null, failures: 0, retryAt: null };
    this.failures = 0;
    this.lastFrameAt = 0;
    this.triedAt = 0;
    /** @type {{code: number, reason: string, reconnect: boolean, after_ms: number | null} | null} */
    this.bye = null;
    this.ordered = false; // waiting because the server said for how long
    this.retryTimer = null;
    this.silenceTimer = null;
  }

  start() {
    if (this.status.phase === "closed") this.open();
  }

  /** End it; nothing is called any more. */
  stop() {
    this.forget();
    this.options.timers.cancel(this.retryTimer);
    this.set("closed", null);
  }

  /**
   * @param {object} message
   * @returns {boolean} whether it was handed to an open, welcomed connection
   */
  send(message) {
    if (this.status.phase !== "open" || this.socket?.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  /**
   * The network may be back, the page visible, the device awake: try now, or see if it still lives.
   * @param {boolean} [urgent] the network was probably gone in between
   */
  wake(urgent = false) {
    const { timers } = this.options;
    const { phase, retryAt } = this.status;
    if (phase === "waiting" && !(this.ordered && timers.now() < (retryAt ?? 0))) {
      timers.cancel(this.retryTimer);
      this.failures = Math.min(this.failures, 1); // the next waits are short ones again
      this.open();
    } else if (phase === "connecting" && urgent && timers.now() - this.triedAt > STALE_TRY_MS) {
      this.open();
    } else if (phase === "open") {
      this.probe(urgent ? URGENT_PROBE_MS : PROBE_MS);
    }
  }

  /** @param {number} waitMs without any frame so long, the connection is dead: open another at once */
  probe(waitMs) {
    const { timers, probe } = this.options;
    const asked = timers.now();
    const { socket } = this;
    probe?.();
    timers.after(() => {
      if (this.socket !== socket || this.lastFrameAt >= asked) return;
      this.lost(null);
      this.wake();
    }, waitMs);
  }

  async open() {
    this.forget();
    this.bye = null;
    const { code, reason } = this.status;
    if (this.status.phase === "closed") this.set("connecting", null);
    else this.set("connecting", code, reason);
    const { connector, timers, openMs } = this.options;
    this.lastFrameAt = this.triedAt = timers.now();
    let socket;
    try {
      socket = connector(this.failures);
    } catch {
      this.lost(null);
      return;
    }
    this.socket = socket;
    this.watchSilence(openMs);
    socket.onopen = async () => {
      const hello = await this.options.hello();
      if (this.socket === socket && socket.readyState === OPEN) socket.send(JSON.stringify(hello));
    };
    socket.onmessage = ({ data }) => {
      if (this.socket === socket) this.receive(data);
    };
    socket.onclose = ({ code }) => {
      if (this.socket === socket) this.lost(code);
    };
  }

  /** @param {string} data */
  receive(data) {
    this.lastFrameAt = this.options.timers.now();
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    if (message.type === "bye") {
      this.bye = message;
      return;
    }
    if (message.type === this.options.welcome) {
      this.failures = 0;
      this.watchSilence(this.options.silenceMs);
      this.set("open", null);
    }
    this.options.onMessage(message);
  }

  /**
   * Drop the connection when no frame has come for `silenceMs`.
   * @param {number} silenceMs
   */
  watchSilence(silenceMs) {
    const { timers } = this.options;
    timers.cancel(this.silenceTimer);
    const left = this.lastFrameAt + silenceMs - timers.now();
    this.silenceTimer = timers.after(
      () => {
        if (timers.now() - this.lastFrameAt >= silenceMs) this.lost(null);
        else this.watchSilence(silenceMs);
      },
      Math.max(left, 50),
    );
  }

  /** @param {number | null} closeCode of the close frame, if one came */
  async lost(closeCode) {
    const code = this.bye?.code ?? closeCode;
    const reason = this.bye?.reason || null;
    const afterMs = this.bye?.after_ms ?? null;
    const final = this.bye ? !this.bye.reconnect : code !== null && code >= 4500 && code < 5000;
    this.forget();
    if (final) {
      this.set("closed", code, reason);
      return;
    }
    const { timers, refresh } = this.options;
    const wait = afterMs ?? backoffMs(this.failures, timers.random);
    this.failures += 1;
    this.ordered = afterMs !== null;
    this.set("waiting", code, reason, timers.now() + wait);
    const { status } = this;
    if (code === TOKEN_EXPIRED && refresh && !(await refresh())) {
      if (this.status === status) this.set("closed", BAD_TOKEN);
      return;
    }
    if (this.status !== status) return;
    this.retryTimer = timers.after(
      () => this.open(),
      Math.max(0, /** @type {number} */ (status.retryAt) - timers.now()),
    );
  }

  /** Let go of the socket without waiting for its closing handshake, which may never come. */
  forget() {
    this.options.timers.cancel(this.silenceTimer);
    const { socket } = this;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    try {
      socket.close();
    } catch {
      // It was closed already.
    }
  }

  /**
   * @param {Phase} phase
   * @param {number | null} code
   * @param {string | null} [reason]
   * @param {number | null} [retryAt]
   */
  set(phase, code, reason = null, retryAt = null) {
    if (phase === this.status.phase && phase !== "waiting" && code === this.status.code) return;
    this.status = { phase, code, reason, failures: this.failures, retryAt };
    this.options.onStatus(this.status);
  }
}
