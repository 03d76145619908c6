/**
 * A student's connection where WebSockets are blocked: it behaves like a socket, but joins by REST
 * and carries operations in requests; what an answer tells arrives as the wire's messages do. The
 * heartbeats that the client sends anyway are the polls.
 */

import { sizeOf } from "./parting.js";

const GATHER_MS = 120;
const PER_REQUEST = 200;
/** Far below what the server takes; the rest follows in the next request. */
const REQUEST_BYTES = 500_000;
/** How often a real socket gets another chance, where it had none yet. */
export const SOCKET_AGAIN_MS = 300_000;
const OPEN = 1;
const CLOSED = 3;

export class HttpSocket {
  /**
   * @param {string} url of the server
   * @param {() => Promise<boolean>} [socketOpens] whether a real socket can be had by now
   * @param {number} [againMs] how often to see
   */
  constructor(url, socketOpens = async () => false, againMs = SOCKET_AGAIN_MS) {
    this.url = url;
    this.readyState = 0;
    this.gone = new AbortController();
    this.again = setInterval(async () => {
      if ((await socketOpens()) && this.waiting.length === 0 && !this.sending) this.end(1000);
    }, againMs);
    /** @type {any[]} */
    this.waiting = [];
    /** @type {any} */
    this.hello = null;
    /** @type {any} */
    this.joined = null;
    this.version = 0;
    /** @type {Set<string>} */
    this.messages = new Set();
    this.sending = false;
    /** @type {(() => void) | null} */
    this.onopen = null;
    /** @type {((event: {data: string}) => void) | null} */
    this.onmessage = null;
    /** @type {((event: {code: number}) => void) | null} */
    this.onclose = null;
    setTimeout(() => {
      if (this.readyState !== CLOSED) {
        this.readyState = OPEN;
        this.onopen?.();
      }
    });
  }

  /** @param {string} text a message of the wire */
  send(text) {
    const message = JSON.parse(text);
    if (message.type === "join") {
      this.hello = message;
      this.join();
    } else if (message.type !== "leave") {
      this.waiting.push(message);
      setTimeout(() => this.flush(), GATHER_MS);
    }
  }

  close() {
    this.readyState = CLOSED;
    clearInterval(this.again);
    this.gone.abort();
  }

  async join() {
    const joined = await this.post(`/api/sessions/${this.hello.session_id}/join`, {});
    if (!joined || this.readyState !== OPEN) return;
    this.joined = joined;
    this.version = joined.version;
    for (const message of joined.messages) this.messages.add(message.id);
    this.emit({ ...joined, type: "joined" });
  }

  async flush() {
    if (this.sending || !this.joined || this.waiting.length === 0) return;
    this.sending = true;
    const operations = this.waiting.splice(0, fitting(this.waiting));
    const answer = await this.post(`/api/attempts/${this.joined.attempt.id}/operations`, {
      connection_id: this.joined.connection_id ?? undefined,
      version: this.version,
      operations,
    });
    this.sending = false;
    if (!answer || this.readyState !== OPEN) return;
    this.deliver(answer);
    if (this.waiting.length > 0) this.flush();
  }

  /** @param {any} answer to operations */
  deliver(answer) {
    if (answer.version) this.version = answer.version;
    for (const error of answer.errors ?? []) this.emit({ ...error, type: "error" });
    if (answer.ack !== null && answer.ack !== undefined) {
      this.emit({ type: "ack", seq: answer.ack, server_time: answer.server_time });
    }
    this.emit({ type: "pulse", server_time: answer.server_time });
    if (answer.session) this.emit({ type: "session", session: answer.session });
    if (answer.attempt) this.emit({ type: "attempt", attempt: answer.attempt });
    for (const message of answer.messages ?? []) {
      if (this.messages.has(message.id)) continue;
      this.messages.add(message.id);
      this.emit({ ...message, type: "message" });
    }
    if (answer.session?.status === "IN_PROGRESS" && !this.joined.test) this.join();
  }

  /** @param {object} message */
  emit(message) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }

  /**
   * @param {string} path
   * @param {object} body
   * @returns {Promise<any>} the answer; null after a failure, which closes this connection
   */
  async post(path, body) {
    let response;
    try {
      response = await fetch(this.url + path, {
        method: "POST",
        signal: this.gone.signal,
        headers: {
          "Content-Type": "application/json",
          Authorization: `Bearer ${this.hello.token}`,
        },
        body: JSON.stringify(body),
      });
      if (response.ok) return await response.json();
    } catch {
      this.end(1006);
      return null;
    }
    const problem = await response.json().catch(() => ({}));
    this.end(CODES[problem.code] ?? 1006);
    return null;
  }

  /** @param {number} code */
  end(code) {
    if (this.readyState === CLOSED) return;
    const { onclose } = this;
    this.close();
    onclose?.({ code });
  }
}

/**
 * How many of these go into one request.
 * @param {object[]} messages
 */
function fitting(messages) {
  let bytes = 0;
  const over = messages.findIndex((message, i) => i > 0 && (bytes += sizeOf(message)) > REQUEST_BYTES);
  return Math.min(PER_REQUEST, over < 0 ? messages.length : over);
}

/** @type {Record<string, number>} what a problem of REST is as a close code */
const CODES = {
  not_open: 4003,
  token_expired: 4005,
  unavailable: 4013,
  too_many_requests: 4013,
  bad_token: 4500,
  session_over: 4503,
  replaced: 4505,
  forbidden: 4507,
  not_found: 4507,
};
