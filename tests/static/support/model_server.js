/**
 * A world with one clock that tests move: a server that keeps answers by the rules of
 * `monitor/domain/placing.py`, a bad network before it, and a student's device whose own clock is
 * wrong and is set now and then.
 */

import { FakeTimers, settle } from "./fakes.js";

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class World {
  constructor(seed) {
    this.random = dice(seed);
    this.timers = new FakeTimers();
    this.timers.time = Date.parse("2026-11-22T10:00:00.000Z");
    this.timers.random = this.random;
    this.began = this.timers.time;
    this.skewMs = Math.round((this.random() - 0.5) * 86_400_000);
    this.server = new ModelServer(() => this.timers.time);
    this.networkUp = true;
    this.slowestMs = 50;
    this.sockets = new Set();
  }

  /** Let the page's globals be those of this world. */
  install() {
    const { timers } = this;
    const world = this;
    const former = { setTimeout, clearTimeout, setInterval, clearInterval, fetch: globalThis.fetch };
    const [now, elapsed] = [Date.now, performance.now];
    Date.now = () => timers.time + world.skewMs;
    performance.now = () => timers.time - world.began;
    globalThis.setTimeout = (work, ms = 0) => timers.after(work, ms);
    globalThis.clearTimeout = (timer) => timers.cancel(timer);
    globalThis.setInterval = (work, ms) => {
      const timer = { cancelled: false };
      const again = () => timers.after(() => timer.cancelled || (work(), again()), ms);
      again();
      return timer;
    };
    globalThis.clearInterval = (timer) => timer && (timer.cancelled = true);
    globalThis.fetch = (url, request) => this.request(url, request);
    globalThis.WebSocket = class extends ModelSocket {
      constructor() {
        super(world);
      }
    };
    return () => {
      Date.now = now;
      performance.now = elapsed;
      Object.assign(globalThis, former);
    };
  }

  latency() {
    return 1 + this.random() * this.slowestMs;
  }

  cut() {
    this.networkUp = false;
    for (const socket of [...this.sockets]) socket.fall();
  }

  /** A request as the network treats it: lost, slow, or answered; its answer may be lost alone. */
  async request(url, { body }) {
    const { operations } = JSON.parse(body);
    const wait = (ms) => new Promise((resolve) => this.timers.after(resolve, ms));
    if (!this.networkUp) throw new TypeError("no network");
    await wait(this.latency());
    const said = operations.map((op) => this.server.take(op, null)).filter(Boolean);
    if (!url.includes("/operations") || this.random() < 0.3) throw new TypeError("the answer was lost");
    await wait(this.latency());
    const answer = { ack: operations.at(-1)?.seq ?? null, errors: said, server_time: this.server.time() };
    return { ok: true, json: async () => answer };
  }

  async pass(ms) {
    await this.timers.pass(ms);
    await settle();
  }
}

/** One student's attempt, as the server keeps it. */
export class ModelServer {
  constructor(now) {
    this.now = now;
    this.answers = {};
    this.highlights = [];
    this.connections = {};
    this.submitted = 0;
    this.joins = 0;
    /** What came to stand, in order: [question, value]. */
    this.history = [];
    this.refuseNext = 0;
  }

  time() {
    return new Date(this.now()).toISOString();
  }

  joined() {
    this.joins += 1;
    return {
      type: "joined",
      session: { status: "IN_PROGRESS" },
      attempt: structuredClone({ id: "a", status: "IN_PROGRESS", answers: this.answers, highlighted_text: this.highlights, hand_raised_at: null, last_saved_at: null, reopened_at: null }),
      test: { id: "t", passages: [], questions: [] },
      messages: [],
      server_time: this.time(),
      heartbeat_seconds: 5,
      connection_id: `c.${this.joins}`,
    };
  }

  /**
   * @returns {object | null} an error
   */
  take(op, connection) {
    if (op.type === "answer" || op.type === "submit") {
      if (this.refuseNext > 0) {
        this.refuseNext -= 1;
        return { type: "error", seq: op.seq, code: "unavailable", message: "", temporary: true };
      }
    }
    if (op.type === "answer") this.place(op, connection);
    else if (op.type === "highlight") this.highlights = [...this.highlights.filter(({ id }) => id !== op.highlight.id), op.highlight];
    else if (op.type === "remove_highlight") this.highlights = this.highlights.filter(({ id }) => id !== op.id);
    else if (op.type === "submit") this.submitted += 1;
    return null;
  }

  place({ question_id: id, value, answered_at }, connection) {
    const stored = this.answers[id];
    let at = Math.min(Date.parse(answered_at), this.now());
    if (stored) {
      const before = Date.parse(stored.answered_at);
      if (connection && this.connections[id] === connection) at = Math.max(at, before);
      if (at < before || (stored.value === value && at <= before)) return;
    }
    if (!stored || stored.value !== value) this.history.push([id, value]);
    this.answers[id] = { value, answered_at: new Date(at).toISOString() };
    this.connections[id] = connection;
  }
}

/** A socket through the bad network: in order, slow, and cut with things under way. */
class ModelSocket {
  constructor(world) {
    this.world = world;
    this.readyState = 0;
    this.upAt = this.downAt = 0;
    this.after(world.latency(), () => {
      if (!world.networkUp) return this.fall();
      this.readyState = 1;
      world.sockets.add(this);
      this.onopen?.();
    });
  }

  after(ms, work) {
    this.world.timers.after(work, ms);
  }

  send(text) {
    const message = JSON.parse(text);
    const { world } = this;
    const { timers } = world;
    this.upAt = Math.max(this.upAt, timers.time + world.latency());
    const at = this.upAt;
    this.after(at - timers.time, () => {
      // What was under way at a cut arrives or not; an answer also long after the next join.
      if (this.readyState !== 1 && (this.lost || message.type !== "answer")) return;
      this.arrive(message);
    });
  }

  arrive(message) {
    const { server } = this.world;
    if (message.type === "join") {
      const joined = server.joined();
      this.connection = joined.connection_id;
      this.tell(joined);
      return;
    }
    const error = server.take(message, this.connection);
    if (error) this.tell(error);
    this.tell({ type: "ack", seq: message.seq, server_time: server.time() });
  }

  tell(message) {
    const { world } = this;
    this.downAt = Math.max(this.downAt, world.timers.time + world.latency());
    this.after(this.downAt - world.timers.time, () => this.readyState === 1 && this.onmessage?.({ data: JSON.stringify(message) }));
  }

  fall() {
    this.lost = this.world.random() < 0.5;
    this.close();
    this.onclose?.({ code: 1006 });
  }

  close() {
    this.readyState = 3;
    this.world.sockets.delete(this);
  }
}
