/** A clock, a socket and a page that tests move by hand. */

export class FakeTimers {
  constructor() {
    this.time = 1_000_000;
    this.queue = [];
    this.dice = 0.5;
    this.now = () => this.time;
    this.random = () => this.dice;
    this.after = (work, ms) => {
      const timer = { at: this.time + ms, work };
      this.queue.push(timer);
      return timer;
    };
    this.cancel = (timer) => {
      this.queue = this.queue.filter((other) => other !== timer);
    };
  }

  /** Let time pass; what is due on the way happens in order. */
  async pass(ms) {
    const end = this.time + ms;
    for (;;) {
      await settle();
      this.queue.sort((a, b) => a.at - b.at);
      const next = this.queue[0];
      if (!next || next.at > end) break;
      this.queue.shift();
      this.time = Math.max(this.time, next.at);
      next.work();
    }
    this.time = end;
    await settle();
  }
}

/** Let everything that was promised happen. */
export async function settle() {
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
}

export class FakeSocket {
  static all = [];

  constructor(url = "") {
    this.url = url;
    this.readyState = 0;
    this.sent = [];
    this.closed = false;
    FakeSocket.all.push(this);
  }

  static get latest() {
    return FakeSocket.all.at(-1);
  }

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
    this.readyState = 3;
  }

  async open() {
    this.readyState = 1;
    this.onopen?.();
    await settle();
  }

  async tell(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
    await settle();
  }

  async fall(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
    await settle();
  }

  /** Messages of one type that were sent. */
  of(type) {
    return this.sent.filter((message) => message.type === type);
  }
}

/** What the student client needs of a page. */
export function fakePage() {
  FakeSocket.all = [];
  globalThis.window = new EventTarget();
  globalThis.document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  globalThis.WebSocket = FakeSocket;
}

export class FakeStorage {
  constructor() {
    this.items = new Map();
  }

  getItem(key) {
    return this.items.get(key) ?? null;
  }

  setItem(key, value) {
    this.items.set(key, String(value));
  }

  removeItem(key) {
    this.items.delete(key);
  }
}
