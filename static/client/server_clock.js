/**
 * The server's time, told from the times its messages carry. A message is always a little old when
 * it arrives, so the one that says the most is nearest to the truth, and slow ones change nothing.
 * One that says much less is slow too, unless the local clock has run ahead of the time that has
 * passed: then it was set, and what was known before is forgotten.
 */

/** Clocks of devices go wrong by less than so much of the time that passes. */
const DRIFT = 0.0002;
const JUMP_MS = 2_000;

export class ServerClock {
  /**
   * @param {() => number} [localNow] the device's clock, milliseconds since 1970
   * @param {() => number} [elapsed] milliseconds that run on whatever the clock is set to
   */
  constructor(localNow = () => Date.now(), elapsed = () => performance.now()) {
    this.localNow = localNow;
    this.elapsed = elapsed;
    /** Milliseconds the server's clock is ahead of the device's; never too much. */
    this.offsetMs = 0;
    /** Whether any message has told the server's time yet. */
    this.known = false;
    /** At the last message. */
    this.last = { elapsed: 0, local: 0 };
  }

  /**
   * Learn from a message that has just arrived.
   * @param {string | null | undefined} serverTime RFC 3339
   */
  learn(serverTime) {
    const at = Date.parse(serverTime ?? "");
    if (Number.isNaN(at)) return;
    const local = this.localNow();
    const elapsed = this.elapsed();
    const sample = at - local;
    const wasSet = Math.abs(sample - this.offsetMs) > JUMP_MS && !this.sure;
    const floor = this.offsetMs - DRIFT * (elapsed - this.last.elapsed);
    this.offsetMs = this.known && !wasSet ? Math.max(sample, floor) : sample;
    this.known = true;
    this.last = { elapsed, local };
  }

  /** Whether the local clock was not set (nor the device asleep) since the last message. */
  get sure() {
    const { elapsed, local } = this.last;
    const moved = this.localNow() - local - (this.elapsed() - elapsed);
    return this.known && Math.abs(moved) < JUMP_MS;
  }

  /** The server's time now, milliseconds since 1970. */
  now() {
    return this.localNow() + this.offsetMs;
  }
}
