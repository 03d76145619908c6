/**
 * A dashboard's connection to one sitting: snapshot and changes in, a state out. After a fall it
 * sends the version it has and is told what it missed; another epoch starts from a snapshot.
 *
 * Events: `state` (a new state), `signs` (any frame; see truth.js), `link` (the connection's status),
 * `refused` (this sitting is not ours, or is not there).
 */

import { Link } from "../client/link.js";
import { ServerClock } from "../client/server_clock.js";
import { applyChange, fromSnapshot } from "./state.js";
import { NO_SIGNS, heard } from "./truth.js";

const SILENCE_MS = 6_000; // a pulse comes every second

export class Feed extends EventTarget {
  /**
   * @param {object} options
   * @param {string} options.url of the server
   * @param {string} options.sessionId
   * @param {() => string | null} options.token
   * @param {() => Promise<string | null>} options.refresh
   */
  constructor({ url, sessionId, token, refresh }) {
    super();
    this.sessionId = sessionId;
    /** @type {import("./state.js").State | null} */
    this.state = null;
    /** @type {number | null} */
    this.stateAt = null; // server time at which that came
    this.signs = NO_SIGNS;
    this.clock = new ServerClock();
    this.heartbeatSeconds = 5;
    this.awaiting = false; // a watch was sent and not answered yet
    this.link = new Link({
      connector: () => new WebSocket(`${url.replace(/^http/, "ws")}/ws/dashboard`),
      hello: () => ({ type: "authenticate", token: token() ?? "" }),
      welcome: "authenticated",
      onMessage: (message) => this.receive(message),
      onStatus: () => this.tell("link"),
      refresh: async () => (await refresh().catch(() => token())) !== null,
      silenceMs: SILENCE_MS,
    });
  }

  start() {
    this.link.start();
  }

  stop() {
    this.link.stop();
  }

  /** Give the running connection a newer token. @param {string} token */
  renewed(token) {
    this.link.send({ type: "refresh", token });
  }

  /** @param {any} message */
  receive(message) {
    this.clock.learn(message.server_time);
    this.signs = heard(this.signs, message, this.sessionId, Date.now());
    switch (message.type) {
      case "authenticated":
        this.heartbeatSeconds = message.heartbeat_seconds;
        this.watch();
        break;
      case "snapshot":
        if (message.session_id === this.sessionId) this.become(fromSnapshot(message));
        break;
      case "change":
        if (message.session_id === this.sessionId) this.change(message);
        break;
      case "pulse":
        if (this.state && message.epoch !== this.state.epoch && !this.awaiting) this.watch(true);
        break;
      case "error":
        if (message.session_id === this.sessionId) this.tell("refused");
        break;
      default:
    }
    this.tell("signs");
  }

  /** @param {boolean} [afresh] from a snapshot */
  watch(afresh = false) {
    this.awaiting = true;
    const known = afresh || !this.state ? {} : { version: this.state.version, epoch: this.state.epoch };
    this.link.send({ type: "watch", session_id: this.sessionId, ...known });
  }

  /** @param {any} message `change` */
  change(message) {
    const next = this.state && applyChange(this.state, message);
    if (next) this.become(next);
    else if (!this.awaiting) this.watch();
  }

  /** @param {import("./state.js").State} state */
  become(state) {
    this.awaiting = false;
    this.state = state;
    this.stateAt = this.clock.now();
    this.tell("state");
  }

  /** @param {string} type */
  tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
