/**
 * One command, whatever it takes to get it through. Its key is made once: asked again, after a
 * double click or a lost answer, the server does it once and answers what it answered first.
 */

import { uuid } from "../../client/ids.js";
import { ApiError } from "../../lib/api.js";

export class Command {
  /** @param {import("../../lib/api.js").Api} api */
  constructor(api) {
    this.api = api;
    this.key = uuid();
    /** @type {Promise<any> | null} */
    this.running = null;
  }

  /**
   * Asked while the last asking is not answered yet, it waits for that answer.
   * @param {import("./wish.js").Wish} wish
   * @returns {Promise<any>} the server's answer; null where it has none
   */
  send(wish) {
    this.running ??= this.ask(wish).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** @param {import("./wish.js").Wish} wish */
  async ask({ method, path, body }) {
    const response = await this.api.call(method, path, body, this.key);
    return response.status === 204 ? null : response.json();
  }
}

/**
 * Whether nobody here knows if it was done: no answer came, or the server gave up on it.
 * @param {unknown} error
 */
export function isUnknown(error) {
  return error instanceof ApiError && (error.status === 0 || error.status >= 500);
}
