/** Names of the staff, each asked for once; who cannot be named is a member of staff. */

import { ApiError } from "../../lib/api.js";
import { current } from "../../lib/login.js";
import { t } from "../../words/index.js";

export class People {
  /**
   * @param {import("../../lib/api.js").Api} api
   * @param {() => void} learnt called when there is a new name
   */
  constructor(api, learnt) {
    this.api = api;
    this.learnt = learnt;
    this.known = 0; // how often a name was learnt: what was drawn before may be drawn anew
    const me = current("staff")?.user;
    /** @type {Map<string, string | null>} null: asked for, or without a name to be had */
    this.names = new Map(me ? [[me.id, me.name]] : []);
  }

  /**
   * @param {string} id
   * @returns {string}
   */
  name(id) {
    if (!this.names.has(id)) this.ask(id);
    return this.names.get(id) ?? t("drawer.by.someone");
  }

  /** @param {string} id */
  async ask(id) {
    this.names.set(id, null);
    try {
      this.names.set(id, (await this.api.get(`/api/users/${id}`)).name);
      this.known += 1;
      this.learnt();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
  }
}
