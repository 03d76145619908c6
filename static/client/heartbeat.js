/**
 * Calls `beat` every so often, hidden tab or not: from a worker, whose timers are not slowed. A page
 * of another origin may not start our worker, but one made from its text, unless its policy forbids
 * that too; then a plain timer does what it can, and what the server sends keeps it going (`nudge`).
 */
export class Heartbeat {
  /** @param {() => void} beat */
  constructor(beat) {
    this.tell = beat;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    this.everyMs = 0;
    this.last = 0;
    /** @type {Worker | null} */
    this.worker = newWorker();
    if (!this.worker) return;
    this.worker.onmessage = () => this.beat();
    this.worker.onerror = () => this.withoutWorker();
  }

  /** @param {number} everyMs 0 stops */
  every(everyMs) {
    if (everyMs === this.everyMs) return;
    this.everyMs = everyMs;
    this.last = Date.now();
    if (this.worker) {
      this.worker.postMessage({ everyMs });
      return;
    }
    clearInterval(this.timer);
    if (everyMs > 0) this.timer = setInterval(() => this.beat(), everyMs);
  }

  beat() {
    this.last = Date.now();
    this.tell();
  }

  /** Something was heard from the server: a good moment for a beat that is overdue. */
  nudge() {
    if (this.everyMs > 0 && Date.now() - this.last > 1.5 * this.everyMs) this.beat();
  }

  /** It could not be loaded, or the page's policy forbids it. */
  withoutWorker() {
    const { everyMs } = this;
    this.worker?.terminate();
    this.worker = null;
    this.everyMs = 0;
    this.every(everyMs);
  }

  close() {
    this.every(0);
    this.worker?.terminate();
    this.worker = null;
  }
}

const SCRIPT = new URL("./heartbeat_worker.js", import.meta.url);

/** @returns {Worker | null} */
function newWorker() {
  try {
    return new Worker(SCRIPT.origin === globalThis.location?.origin ? SCRIPT : fromText());
  } catch {
    return null;
  }
}

/** The same as the file, which cannot be read here without waiting. */
const TEXT =
  "let timer = 0; onmessage = ({ data }) => { clearInterval(timer);" +
  " if (data.everyMs > 0) timer = setInterval(() => postMessage(0), data.everyMs); };";

/** Its address is not revoked: it is short, and some browsers read it late. */
function fromText() {
  return URL.createObjectURL(new Blob([TEXT], { type: "text/javascript" }));
}
