/**
 * The rows of a sitting from one draw to the next: made anew each time, since time goes on, but put
 * in order again only when something about somebody has changed.
 */

import { everyone, rowOf, sameFacts } from "./row.js";
import { chosen } from "./sorting.js";

/**
 * @typedef {import("./row.js").Row} Row
 * @typedef {import("./state.js").State} State
 * @typedef {import("./choice.js").Choice} Choice
 */

export class Roll {
  constructor() {
    /** @type {Row[]} all, by name */
    this.rows = [];
    /** @type {Row[]} those chosen, in the order chosen */
    this.shown = [];
    /** @type {Map<string, Row>} */
    this.byId = new Map();
    /** @type {string[]} */
    this.ids = [];
    /** @type {string[]} of `shown` */
    this.order = [];
    /** @type {{students: State["students"] | null, joined: number}} what `ids` were made from */
    this.list = { students: null, joined: 0 };
    /** @type {Pick<Choice, "filter" | "search" | "order"> | null} */
    this.choice = null;
  }

  /**
   * @param {State} state
   * @param {number} now server time
   * @param {number} heartbeatSeconds
   * @param {Choice} choice
   * @returns {boolean} whether anything but the time has changed
   */
  update(state, now, heartbeatSeconds, choice) {
    const listed = this.list.students !== state.students || this.list.joined !== state.participants.size;
    if (listed) {
      this.list = { students: state.students, joined: state.participants.size };
      this.ids = everyone(state);
    }
    const before = this.byId;
    this.rows = this.ids.map((id) => rowOf(state, id, now, heartbeatSeconds));
    this.byId = new Map(this.rows.map((row) => [row.id, row]));
    const changed = listed || this.rows.some((row) => !sameFacts(before.get(row.id), row));
    const { filter, search, order } = choice;
    const other = filter !== this.choice?.filter || search !== this.choice.search || order !== this.choice.order;
    if (changed || other) {
      this.choice = choice;
      this.shown = chosen(this.rows, choice);
      this.order = this.shown.map(({ id }) => id);
    } else {
      this.shown = this.order.map((id) => this.byId.get(id));
    }
    return changed;
  }
}
