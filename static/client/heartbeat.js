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
    /** @type {(() => Worker)[]} */
    this.ways = [fromFile, fromText];
    /** @type {Worker | null} */
    this.worker = this.nextWorker();
  }

  /** @returns {Worker | null} the next way of having one that does not fail at once */
  nextWorker() {
    if (!globalThis.Worker) return null;
    for (let make = this.ways.shift(); make; make = this.ways.shift()) {
      try {
        const worker = make();
        worker.onmessage = () => this.beat();
        worker.onerror = () => this.failed(worker);
        return worker;
      } catch {
        // The next way, then.
      }
    }
    return null;
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

  /** @param {Worker} worker which could not be loaded */
  failed(worker) {
    if (worker !== this.worker) return;
    const { everyMs } = this;
    worker.terminate();
    this.worker = this.nextWorker();
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

function fromFile() {
  return new Worker(SCRIPT);
}

/** The same as the file, which cannot be read here without waiting. */
const TEXT =
  "let timer = 0; onmessage = ({ data }) => { clearInterval(timer);" +
  " if (data.everyMs > 0) timer = setInterval(() => postMessage(0), data.everyMs); };";

/** The text's address is not revoked: it is short, and some browsers read it late. */
function fromText() {
  return new Worker(URL.createObjectURL(new Blob([TEXT], { type: "text/javascript" })));
}
