/**
 * The events of a sitting: what there was before is asked for page by page, what comes is taken from
 * the live state; where that lacks some, they are asked for too. Feeds a Picture.
 */

import { ApiError } from "../../lib/api.js";
import { Picture } from "./model.js";

const PAGE = 1_000;
const RETRY_MS = 5_000;

export class History {
  /**
   * @param {{api: import("../../lib/api.js").Api, sessionId: string}} page
   * @param {() => void} changed called when more is known, or it could not be asked for
   */
  constructor({ api, sessionId }, changed) {
    this.api = api;
    this.path = `/api/sessions/${sessionId}/events?limit=${PAGE}`;
    this.changed = changed;
    this.epoch = "";
    this.begin(5);
  }

  /** @param {number} heartbeatSeconds */
  begin(heartbeatSeconds) {
    this.picture = new Picture({ heartbeatSeconds });
    this.upTo = -1; // every event of a version up to this one is in the picture
    this.asking = false;
    this.failedAt = -Infinity;
    this.run = {}; // an answer to an older run is nobody's
  }

  /** Whether anything is known yet. */
  get ready() {
    return this.upTo >= 0;
  }

  /** Whether the last try to ask failed. */
  get failed() {
    return this.failedAt > -Infinity;
  }

  /**
   * @param {import("../state.js").State} state
   * @param {number} heartbeatSeconds
   */
  follow(state, heartbeatSeconds) {
    if (state.epoch !== this.epoch) {
      this.epoch = state.epoch; // another database: what was told may never have been
      this.begin(heartbeatSeconds);
    }
    if (this.asking || (this.ready && state.version <= this.upTo)) return;
    if (this.ready && state.eventsSince <= this.upTo) this.take(state);
    else if (Date.now() - this.failedAt > RETRY_MS) this.ask(state.version);
  }

  /** @param {import("../state.js").State} state */
  take({ events, version }) {
    let first = events.length;
    while (first > 0 && events[first - 1].version > this.upTo) first -= 1;
    this.picture.add(events.slice(first));
    this.upTo = version;
  }

  /**
   * @param {number} version that is there already when asking begins
   */
  async ask(version) {
    const { run, upTo } = this;
    this.asking = true;
    const newer = upTo < 0 ? "" : `&version=${upTo}`;
    try {
      const events = await this.api.all(this.path + newer);
      if (run !== this.run) return;
      this.picture.add(events);
      this.upTo = Math.max(version, events.at(-1)?.version ?? 0);
      this.failedAt = -Infinity;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (run === this.run) this.failedAt = Date.now();
    } finally {
      if (run === this.run) {
        this.asking = false;
        this.changed();
      }
    }
  }
}
