/**
 * Calls `beat` every so often, hidden tab or not. Where a worker cannot be had (embedded in a page
 * of another origin) a plain timer does what it can.
 */
export class Heartbeat {
  /** @param {() => void} beat */
  constructor(beat) {
    this.beat = beat;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {ReturnType<typeof setInterval> | undefined} */
    this.timer = undefined;
    this.everyMs = 0;
    try {
      this.worker = new Worker(new URL("./heartbeat_worker.js", import.meta.url));
      this.worker.onmessage = () => this.beat();
      this.worker.onerror = () => this.withoutWorker();
    } catch {
      this.worker = null;
    }
  }

  /** @param {number} everyMs 0 stops */
  every(everyMs) {
    if (everyMs === this.everyMs) return;
    this.everyMs = everyMs;
    if (this.worker) {
      this.worker.postMessage({ everyMs });
      return;
    }
    clearInterval(this.timer);
    if (everyMs > 0) this.timer = setInterval(() => this.beat(), everyMs);
  }

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
