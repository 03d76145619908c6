/**
 * One connection that watches many sittings at once. What it knows of each is the same state, from
 * the same snapshots and changes, as a dashboard of that sitting has.
 *
 * Events: `state` (one of the sittings changed), `link` (the connection's status).
 */

import { Link } from "../client/link.js";
import { ServerClock } from "../client/server_clock.js";
import { applyChange, fromSnapshot } from "../dashboard/state.js";
import { NO_SIGNS, heard, truth } from "../dashboard/truth.js";

const SILENCE_MS = 6_000; // a pulse comes every second

/** The server lets one connection watch this many. */
export const MOST = 50;

/**
 * @typedef {{state: import("../dashboard/state.js").State | null, signs: import("../dashboard/truth.js").Signs, awaiting: boolean}} Watched
 */

export class SittingsWatch extends EventTarget {
  /**
   * @param {object} options
   * @param {string} options.url of the server
   * @param {() => string | null} options.token
   * @param {() => Promise<string | null>} options.refresh
   * @param {Partial<import("../client/link.js").Options>} [options.link]
   */
  constructor({ url, token, refresh, link = {} }) {
    super();
    /** @type {Map<string, Watched>} */
    this.sittings = new Map();
    this.clock = new ServerClock();
    this.heartbeatSeconds = 5;
    this.link = new Link({
      connector: () => new WebSocket(`${url.replace(/^http/, "ws")}/ws/dashboard`),
      hello: () => ({ type: "authenticate", token: token() ?? "" }),
      welcome: "authenticated",
      onMessage: (message) => this.receive(message),
      onStatus: () => this.dispatchEvent(new Event("link")),
      refresh: async () => (await refresh().catch(() => token())) !== null,
      silenceMs: SILENCE_MS,
      ...link,
    });
  }

  get open() {
    return this.link.status.phase === "open";
  }

  /** Watch exactly these, as far as there may be so many. @param {string[]} ids */
  watch(ids) {
    const wanted = new Set(ids.slice(0, MOST));
    for (const id of [...this.sittings.keys()]) {
      if (wanted.has(id)) continue;
      this.sittings.delete(id);
      if (this.open) this.link.send({ type: "unwatch", session_id: id });
    }
    for (const id of wanted) {
      if (this.sittings.has(id)) continue;
      this.sittings.set(id, { state: null, signs: NO_SIGNS, awaiting: false });
      if (this.open) this.ask(id);
    }
    if (wanted.size > 0) this.link.start();
  }

  stop() {
    this.link.stop();
  }

  /** Give the running connection a newer token. @param {string} token */
  renewed(token) {
    this.link.send({ type: "refresh", token });
  }

  /** @param {string} id */
  state(id) {
    return this.sittings.get(id)?.state ?? null;
  }

  /** Whether what is known of a sitting may be called live. @param {string} id */
  live(id) {
    const watched = this.sittings.get(id);
    return watched !== undefined && watched.state !== null && truth(watched.signs, Date.now()).live;
  }

  /** @param {any} message */
  receive(message) {
    this.clock.learn(message.server_time);
    for (const [id, watched] of this.sittings) watched.signs = heard(watched.signs, message, id, Date.now());
    const watched = this.sittings.get(message.session_id);
    switch (message.type) {
      case "authenticated":
        this.heartbeatSeconds = message.heartbeat_seconds;
        for (const id of this.sittings.keys()) this.ask(id);
        break;
      case "snapshot":
        if (watched) this.become(watched, fromSnapshot(message));
        break;
      case "change":
        if (watched) this.change(message.session_id, watched, message);
        break;
      case "pulse":
        for (const [id, { state, awaiting }] of this.sittings) {
          if (state && state.epoch !== message.epoch && !awaiting) this.ask(id, true);
        }
        break;
      case "error":
        if (watched) this.sittings.delete(message.session_id);
        break;
      default:
    }
  }

  /**
   * @param {string} id
   * @param {boolean} [afresh] from a snapshot
   */
  ask(id, afresh = false) {
    const watched = /** @type {Watched} */ (this.sittings.get(id));
    watched.awaiting = true;
    const { state } = watched;
    const known = afresh || !state ? {} : { version: state.version, epoch: state.epoch };
    this.link.send({ type: "watch", session_id: id, ...known });
  }

  /**
   * @param {string} id
   * @param {Watched} watched
   * @param {any} message `change`
   */
  change(id, watched, message) {
    const next = watched.state && applyChange(watched.state, message);
    if (next) this.become(watched, next);
    else if (!watched.awaiting) this.ask(id);
  }

  /**
   * @param {Watched} watched
   * @param {import("../dashboard/state.js").State} state
   */
  become(watched, state) {
    watched.awaiting = false;
    watched.state = state;
    this.dispatchEvent(new Event("state"));
  }
}
