/** A part of a student's drawer: drawn again only when something it is made of is another value. */

/**
 * What the parts of one student's drawer are drawn from.
 *
 * @typedef {object} Sight
 * @property {import("../parts.js").Look} look
 * @property {import("../row.js").Row} row
 * @property {any} item the wire's attempt; null before the first join
 * @property {any} attempt with answers and highlights, as last fetched; null: not yet
 * @property {any[]} events that concern the student, in no order
 * @property {boolean} loaded whether `events` are all there are
 * @property {import("./late.js").Late[]} late
 */

export class Section {
  constructor() {
    /** @type {any[]} */
    this.drawnFrom = [];
  }

  /**
   * @param {...any} values
   * @returns {boolean} whether one of them is another than at the last asking
   */
  isNew(...values) {
    const before = this.drawnFrom;
    this.drawnFrom = values;
    return before.length !== values.length || values.some((value, at) => value !== before[at]);
  }
}

/**
 * @param {import("../parts.js").Names} names
 * @param {string} questionId
 * @returns {any} null while the test is not known
 */
export function questionOf({ test }, questionId) {
  return test?.questions.find((/** @type {any} */ { id }) => id === questionId) ?? null;
}
