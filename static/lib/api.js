/**
 * The REST API with the login of one kind. Errors are problem details with a `code`.
 */

import { uuid } from "../client/ids.js";
import { refusal } from "../words/index.js";
import { current, forget, remember } from "./login.js";

export class ApiError extends Error {
  /**
   * @param {number} status 0: the server was not reached
   * @param {{code?: string, detail?: string, title?: string, field?: string | null}} problem
   */
  constructor(status, problem) {
    const code = problem.code ?? (status === 0 ? "unreachable" : "internal");
    super(refusal(code, problem.detail ?? problem.title ?? ""));
    this.status = status;
    this.code = code;
    this.field = problem.field ?? null;
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {{token?: string | null, body?: object, key?: string}} [options]
 * @returns {Promise<Response>} a successful one
 */
async function request(method, path, { token = null, body, key } = {}) {
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  let response;
  try {
    response = await fetch(path, { method, headers, body: body ? JSON.stringify(body) : undefined });
  } catch {
    throw new ApiError(0, {});
  }
  if (response.ok) return response;
  throw new ApiError(response.status, await response.json().catch(() => ({})));
}

/**
 * Sign in with a password, or with a link's token or a short code.
 * @param {{email: string, password: string} | {link: string}} credentials
 */
export async function login(credentials) {
  const response = await request("POST", "/api/login", { body: credentials });
  return remember(await response.json());
}

export class Api {
  /**
   * @param {import("./login.js").Kind} kind
   * @param {() => void} signedOut called when the login is not valid any more
   */
  constructor(kind, signedOut) {
    this.kind = kind;
    this.signedOut = signedOut;
    /** @type {Promise<string | null> | null} */
    this.refreshing = null;
  }

  get token() {
    return current(this.kind)?.token ?? null;
  }

  /** @param {string} path */
  async get(path) {
    return (await this.call("GET", path)).json();
  }

  /**
   * @param {string} path
   * @param {object} [body]
   */
  async post(path, body = {}) {
    const response = await this.call("POST", path, body, uuid());
    return response.status === 204 ? null : response.json();
  }

  /** Everything of a list, page by page. @param {string} path */
  async all(path) {
    const items = [];
    let next = null;
    do {
      const query = next ? `${path.includes("?") ? "&" : "?"}after=${encodeURIComponent(next)}` : "";
      const page = await this.get(path + query);
      items.push(...page.items);
      next = page.next;
    } while (next);
    return items;
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {object} [body]
   * @param {string} [key] so that a repeated request is not done twice
   */
  async call(method, path, body, key) {
    try {
      return await request(method, path, { token: this.token, body, key });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      forget(this.kind);
      this.signedOut();
      throw error;
    }
  }

  /**
   * A new token for the present one; null if that one is not good any more. Throws if the server
   * cannot be reached, which says nothing about the token.
   * @returns {Promise<string | null>}
   */
  refresh() {
    this.refreshing ??= this.renew().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  async renew() {
    const { token } = this;
    if (!token) return null;
    try {
      const response = await request("POST", "/api/refresh", { token, body: {} });
      const former = current(this.kind);
      const answer = await response.json();
      return remember({ user: former?.user, session_id: former?.sessionId, ...answer }).token;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null;
      throw error;
    }
  }

  /** Renew a token that has lived half of its life. */
  async keepFresh() {
    const login = current(this.kind);
    if (login && Date.now() > (login.since + login.until) / 2) await this.refresh().catch(() => null);
  }
}
