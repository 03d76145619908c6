/**
 * The server's time, told from the times its messages carry. A message is always a little old when
 * it arrives, so of the latest samples the one that says the most is nearest to the truth. A sample
 * far from the estimate means that the local clock was set: what came before it is forgotten.
 */

const SAMPLES = 12;
const JUMP_MS = 2_000;

export class ServerClock {
  /** @param {() => number} [localNow] the device's clock, milliseconds since 1970 */
  constructor(localNow = Date.now) {
    this.localNow = localNow;
    /** @type {number[]} */
    this.samples = [];
  }

  /**
   * Learn from a message that has just arrived.
   * @param {string | null | undefined} serverTime RFC 3339
   */
  learn(serverTime) {
    const at = Date.parse(serverTime ?? "");
    if (Number.isNaN(at)) return;
    const sample = at - this.localNow();
    if (this.samples.length > 0 && Math.abs(sample - this.offsetMs) > JUMP_MS) this.samples = [];
    this.samples.push(sample);
    if (this.samples.length > SAMPLES) this.samples.shift();
  }

  /** Milliseconds the server's clock is ahead of the device's. */
  get offsetMs() {
    return this.samples.length > 0 ? Math.max(...this.samples) : 0;
  }

  /** The server's time now, milliseconds since 1970. */
  now() {
    return this.localNow() + this.offsetMs;
  }
}
