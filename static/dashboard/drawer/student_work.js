/**
 * One student's work and history while someone looks at them. The wire tells only that an attempt
 * has changed; the answers themselves are fetched then, at most once a second. The history is
 * fetched once and then follows the feed; what the feed has left out is fetched too.
 */

import { ApiError } from "../../lib/api.js";
import { concerns } from "./concerns.js";

const EVERY_MS = 1_000;
const RETRY_MS = 3_000;

export class StudentWork {
  /**
   * @param {object} options
   * @param {{get: (path: string) => Promise<any>, all: (path: string) => Promise<any[]>}} options.api
   * @param {string} options.sessionId
   * @param {string} options.studentId
   * @param {() => void} options.changed called when there is something new to show
   */
  constructor({ api, sessionId, studentId, changed }) {
    this.api = api;
    this.studentId = studentId;
    this.eventsPath = `/api/sessions/${sessionId}/events?student_id=${studentId}&limit=1000`;
    this.changed = changed;
    this.stopped = false;
    /** @type {any} with answers and highlights; null: not fetched yet, or there is none */
    this.attempt = null;
    /** @type {any[]} that concern the student */
    this.events = [];
    this.historyLoaded = false;
    /** @type {Set<string>} of what could not be fetched the last time */
    this.failed = new Set();
    /** @type {string | null} */
    this.epoch = null;
    /** @type {import("../state.js").State | null} */
    this.state = null;
    this.known = -1; // a version: `events` holds all up to it
    this.attemptFetch = new Fetching(() => this.fetchAttempt(), () => this.look());
    this.eventsFetch = new Fetching(() => this.fetchEvents(), () => this.look());
  }

  /** @param {import("../state.js").State} state */
  update(state) {
    if (state === this.state) return;
    if (this.epoch !== state.epoch) this.begin(state.epoch);
    this.state = state;
    this.look();
  }

  /** Versions count anew. @param {string} epoch */
  begin(epoch) {
    this.epoch = epoch;
    this.attempt = null;
    this.events = [];
    this.known = -1;
    this.historyLoaded = false;
  }

  stop() {
    this.stopped = true;
    this.attemptFetch.stop();
    this.eventsFetch.stop();
  }

  /** Fetch what is not as the state says. */
  look() {
    const { state } = this;
    if (this.stopped || !state) return;
    const item = state.attempts.get(this.studentId);
    if (item && item.version > (this.attempt?.version ?? -1)) this.attemptFetch.want();
    if (this.known < state.eventsSince || !this.historyLoaded) this.eventsFetch.want();
    else this.follow(state);
  }

  /** Take over what the feed has brought. @param {import("../state.js").State} state */
  follow(state) {
    if (state.version <= this.known) return;
    this.add(state.events.filter(({ version }) => version > this.known));
    this.known = state.version;
  }

  /** @param {any[]} events */
  add(events) {
    const ids = new Set(this.events.map(({ id }) => id));
    const newer = events.filter((event) => !ids.has(event.id) && concerns(event, this.studentId));
    if (newer.length === 0) return;
    this.events = [...this.events, ...newer];
    this.changed();
  }

  async fetchAttempt() {
    const id = this.state?.attempts.get(this.studentId)?.id;
    return this.tried("attempt", () => this.api.get(`/api/attempts/${id}`), (attempt) => {
      this.attempt = attempt;
    });
  }

  async fetchEvents() {
    const until = this.state?.version ?? -1; // the database is at least there
    const query = this.known < 0 ? "" : `&version=${this.known}`;
    return this.tried("events", () => this.api.all(this.eventsPath + query), (events) => {
      this.historyLoaded = true;
      this.known = Math.max(this.known, until);
      this.add(events);
    });
  }

  /**
   * @template T
   * @param {string} what
   * @param {() => Promise<T>} fetch
   * @param {(answer: T) => void} take
   * @returns {Promise<boolean>} whether it was fetched; else it has to be tried again
   */
  async tried(what, fetch, take) {
    const { epoch } = this;
    let answer;
    try {
      answer = await fetch();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.failed.add(what);
      if (!this.stopped) this.changed();
      return false;
    }
    if (this.stopped || epoch !== this.epoch) return true;
    this.failed.delete(what);
    take(answer);
    this.look();
    this.changed();
    return true;
  }
}

/** Something fetched when wanted: one at a time, with a pause between, again after a failure. */
class Fetching {
  /**
   * @param {() => Promise<boolean>} fetch whether it went well
   * @param {() => void} then look whether it is wanted again
   */
  constructor(fetch, then) {
    this.fetch = fetch;
    this.then = then;
    this.busy = false;
    this.stopped = false;
    /** @type {any} */
    this.timer = null;
  }

  want() {
    if (this.busy || this.stopped) return;
    this.busy = true;
    this.fetch().then((well) => {
      if (this.stopped) return;
      this.timer = setTimeout(() => this.rested(), well ? EVERY_MS : RETRY_MS);
    });
  }

  rested() {
    this.busy = false;
    this.then();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }
}
