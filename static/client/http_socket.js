/**
 * A student's connection where WebSockets are blocked: it behaves like a socket, but joins by REST
 * and carries operations in requests; what an answer tells arrives as the wire's messages do. The
 * heartbeats that the client sends anyway are the polls.
 */

const GATHER_MS = 120;
const PER_REQUEST = 200;
/** After so long without anything to send it ends, and a real socket gets another chance. */
const LIFE_MS = 300_000;
const OPEN = 1;
const CLOSED = 3;

export class HttpSocket {
  /**
   * @param {string} url of the server
   * @param {typeof fetch} [fetcher]
   */
  constructor(url, fetcher = globalThis.fetch.bind(globalThis)) {
    this.url = url;
    this.fetcher = fetcher;
    this.readyState = 0;
    this.born = Date.now();
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
  }

  async join() {
    const { session_id: id, connection_id, client_time } = this.hello;
    const joined = await this.post(`/api/sessions/${id}/join`, { connection_id, client_time });
    if (!joined || this.readyState !== OPEN) return;
    this.joined = joined;
    this.version = joined.version;
    for (const message of joined.messages) this.messages.add(message.id);
    this.emit({ ...joined, type: "joined" });
  }

  async flush() {
    if (this.sending || !this.joined || this.waiting.length === 0) return;
    if (Date.now() - this.born > LIFE_MS && this.waiting.every(({ type }) => type === "heartbeat")) {
      this.end(1000);
      return;
    }
    this.sending = true;
    const operations = this.waiting.splice(0, PER_REQUEST);
    const answer = await this.post(`/api/attempts/${this.joined.attempt.id}/operations`, {
      connection_id: this.joined.connection_id ?? undefined,
      client_time: new Date().toISOString(),
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
      response = await this.fetcher(this.url + path, {
        method: "POST",
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
    this.readyState = CLOSED;
    this.onclose?.({ code });
  }
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
