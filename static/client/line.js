/**
 * A student's line to the server: joins, beats, tells whether the page is looked at, numbers what is
 * sent, and remembers its place over a reload. What travels over it is the client's business.
 *
 * @typedef {object} LineOptions
 * @property {string} url
 * @property {string} token
 * @property {string} sessionId
 * @property {string} place whose place it is: student and session
 * @property {Storage | null} tabStorage
 * @property {() => Promise<string | null>} [refresh]
 * @property {(message: any) => void} onMessage
 * @property {(status: import("./link.js").Status) => void} onStatus
 */

import { Heartbeat } from "./heartbeat.js";
import { HttpSocket, SOCKET_AGAIN_MS } from "./http_socket.js";
import { Link } from "./link.js";
import { onWake } from "./wake.js";

const SHORTEST_SILENCE_MS = 12_000; // a pulse comes every 10 s
const SILENT_HEARTBEATS = 2.4;
/** For so long a tab in which sockets did not connect begins with HTTP, also after a reload. */
const HTTP_FIRST_MS = 600_000;
/** Where sockets did connect, HTTP only helps over a moment. */
const SOCKET_SOON_MS = 15_000;

export class Line {
  /** @param {LineOptions} options */
  constructor(options) {
    this.options = options;
    this.token = options.token;
    this.seq = 0;
    /** @type {string | null} */
    this.questionId = null;
    this.byHttp = false;
    this.hadSocket = false;
    this.heartbeat = new Heartbeat(() => this.beat());
    this.link = new Link({
      connector: (failures) => this.connector(failures),
      hello: () => this.hello(),
      welcome: "joined",
      onMessage: (message) => this.receive(message),
      onStatus: (status) => this.changed(status),
      refresh: () => this.refresh(),
      probe: () => this.beat(),
    });
    const look = () => this.tellVisibility();
    document.addEventListener("visibilitychange", look);
    this.ends = [
      onWake((urgent) => this.link.wake(urgent)),
      () => document.removeEventListener("visibilitychange", look),
    ];
  }

  get status() {
    return this.link.status;
  }

  get isOpen() {
    return this.status.phase === "open";
  }

  start() {
    this.link.start();
  }

  /** Numbers rise within a connection and begin anew with the next. */
  nextSeq() {
    this.seq += 1;
    return this.seq;
  }

  /** @param {object} message */
  send(message) {
    return this.link.send(message);
  }

  beat() {
    if (!this.isOpen) return;
    const beat = { type: "heartbeat", seq: this.nextSeq(), visible: isVisible() };
    this.send(this.questionId ? { ...beat, question_id: this.questionId } : beat);
  }

  tellVisibility() {
    if (this.isOpen) this.send({ type: "visibility", seq: this.nextSeq(), visible: isVisible() });
  }

  /** The attempt of this place, also when this page has not joined yet. */
  get attemptId() {
    return this.options.tabStorage?.getItem(this.key("attempt")) ?? null;
  }

  /** Nothing of this place stays in this tab. */
  forgetAll() {
    this.forgetPlace();
    this.options.tabStorage?.removeItem(this.key("attempt"));
  }

  /** The next join takes the place over instead of coming back to it. */
  forgetPlace() {
    this.options.tabStorage?.removeItem(this.key("connection"));
    this.connectionId = null;
  }

  /** @param {number} ms */
  pause(ms) {
    return new Promise((resolve) => this.link.options.timers.after(() => resolve(undefined), ms));
  }

  close() {
    this.link.stop();
    this.heartbeat.close();
    for (const end of this.ends) end();
  }

  /** @param {number} failures */
  connector(failures) {
    const { url, tabStorage } = this.options;
    const address = `${url.replace(/^http/, "ws")}/ws/student`;
    const httpFirst = Date.now() < Number(tabStorage?.getItem(HTTP_FIRST) ?? 0);
    // Where two sockets in a row failed, every second try goes by HTTP.
    this.byHttp = failures % 2 === 0 && (failures >= 2 || httpFirst);
    if (this.byHttp) {
      const againMs = this.hadSocket ? SOCKET_SOON_MS : SOCKET_AGAIN_MS;
      return /** @type {any} */ (new HttpSocket(url, () => this.socketOpens(address), againMs));
    }
    return new WebSocket(address);
  }

  /** @param {string} address @returns {Promise<boolean>} */
  socketOpens(address) {
    return new Promise((resolve) => {
      const socket = new WebSocket(address);
      socket.onopen = () => {
        socket.close();
        this.options.tabStorage?.removeItem(HTTP_FIRST);
        resolve(true);
      };
      socket.onerror = () => resolve(false);
    });
  }

  /** Without a `client_time` the times of this connection are the server's, as told by its messages. */
  hello() {
    const former = this.connectionId ?? this.options.tabStorage?.getItem(this.key("connection"));
    return {
      type: "join",
      token: this.token,
      session_id: this.options.sessionId,
      ...(former ? { connection_id: former } : {}),
    };
  }

  /** @param {any} message */
  receive(message) {
    this.heartbeat.nudge();
    if (message.type === "joined") {
      if (!this.byHttp) this.hadSocket = true;
      else if (!this.hadSocket) this.options.tabStorage?.setItem(HTTP_FIRST, String(Date.now() + HTTP_FIRST_MS));
      // A join without a socket has no place of its own; the former one is still there to return to.
      this.connectionId = message.connection_id ?? this.connectionId;
      if (this.connectionId) this.options.tabStorage?.setItem(this.key("connection"), this.connectionId);
      this.options.tabStorage?.setItem(this.key("attempt"), message.attempt.id);
      const everyMs = message.heartbeat_seconds * 1000;
      this.heartbeat.every(everyMs);
      this.link.options.silenceMs = Math.max(SHORTEST_SILENCE_MS, SILENT_HEARTBEATS * everyMs);
    }
    this.options.onMessage(message);
  }

  /** @param {import("./link.js").Status} status */
  changed(status) {
    if (status.phase !== "open") {
      this.heartbeat.every(0);
      this.seq = 0;
    }
    this.options.onStatus(status);
  }

  async refresh() {
    const token = await this.options.refresh?.().catch(() => this.token);
    if (token) this.token = token;
    return Boolean(token);
  }

  /** @param {string} what */
  key(what) {
    return `monitor.${what}.${this.options.place}`;
  }
}

const HTTP_FIRST = "monitor.http_first";

function isVisible() {
  return document.visibilityState === "visible";
}
