/**
 * What is at hand on the board: the lane and the thing in it that were chosen, what lies under the
 * pointer, and what is said of it. What a key or a press may do answers whether it meant something.
 */

import { setText } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { itemAt } from "./items.js";
import { LANE } from "./painter.js";
import { bandWords, itemWords } from "./words.js";

/**
 * @typedef {import("./items.js").Item} Item
 * @typedef {import("./bands.js").Band} Band
 */

const NEAR_PX = 8; // a mark so near is pointed at

export class Hand {
  /** @param {import("./board.js").Board} board */
  constructor(board) {
    this.board = board;
    /** @type {string | null} the lane chosen */
    this.chosen = null;
    /** @type {Item | null} chosen in it */
    this.item = null;
    /** @type {{id: string, item: Item | null, t: number} | null} under the pointer */
    this.pointed = null;
    /** @type {Band | null} */
    this.band = null;
  }

  /** Let go of a lane that is not there any more. */
  keep() {
    if (this.chosen === null || this.board.ids.includes(this.chosen)) return;
    this.chosen = null;
    this.item = null;
  }

  // -- what is said

  /** @returns {string} */
  words() {
    const { shown } = this.board;
    if (shown.notice) return shown.notice;
    if (this.band) return this.wordsOfBand(this.band);
    if (this.pointed) return this.wordsOf(this.pointed.id, this.pointed.item);
    if (this.chosen !== null) return this.wordsOf(this.chosen, this.item);
    return t(shown.picture.firstAt === Infinity ? "lanes.nobody" : "lanes.hint");
  }

  /**
   * @param {string} id
   * @param {Item | null} item null: the lane in sum
   */
  wordsOf(id, item) {
    const { shown, until } = this.board;
    const { name, sum } = this.board.lineOf(id);
    if (item === null) return `${name} · ${sum}`;
    const lasts = item.to === until && shown.picture.endedAt > until;
    return `${name} · ${itemWords(item, shown.names, lasts)}`;
  }

  /** @param {Band} band */
  wordsOfBand(band) {
    return bandWords(band, (id) => this.board.nameOf(id));
  }

  // -- the pointer

  /**
   * @param {number} clientX
   * @param {number} clientY
   */
  hover(clientX, clientY) {
    const { canvas, list, ids } = this.board;
    const id = ids[Math.floor((clientY - list.getBoundingClientRect().top) / LANE)];
    const beside = clientX < canvas.getBoundingClientRect().left || id === undefined;
    this.pointed = beside ? null : { id, t: this.board.timeAt(clientX), item: this.under(id, clientX) };
    this.board.soon();
  }

  /** The pointer is gone. */
  unhover() {
    this.pointed = null;
    this.board.soon();
  }

  /**
   * @param {string} id
   * @param {number} clientX
   */
  under(id, clientX) {
    const { from, to } = this.board.sight.span;
    return itemAt(this.board.itemsOf(id), this.board.timeAt(clientX), (NEAR_PX / this.board.width) * (to - from));
  }

  /**
   * A press chooses what lies there; on a name it opens the student.
   * @param {number} clientX
   * @param {number} clientY
   */
  press(clientX, clientY) {
    const { canvas, list } = this.board;
    const meant = this.choose(Math.floor((clientY - list.getBoundingClientRect().top) / LANE));
    if (!meant) return;
    if (clientX < canvas.getBoundingClientRect().left) this.open();
    else this.item = this.under(this.chosen, clientX);
  }

  // -- lanes and what is in them

  get index() {
    return this.chosen === null ? -1 : this.board.ids.indexOf(this.chosen);
  }

  /** @param {number} index of a lane */
  choose(index) {
    const id = this.board.ids[index];
    if (id === undefined) return false;
    if (id !== this.chosen) this.item = null;
    this.chosen = id;
    this.board.scrollTo(index);
    this.board.soon();
    return true;
  }

  /** To the next thing in the lane chosen, or the one before; said. @param {number} side */
  walk(side) {
    if (this.chosen === null) return false;
    const items = this.board.itemsOf(this.chosen);
    const here = this.item;
    const at = here ? items.findIndex((item) => item.at === here.at && item.mark === here.mark && item.segment?.kind === here.segment?.kind) : -1;
    const next = here === null && side < 0 ? items.length - 1 : at + side;
    this.item = items[Math.min(Math.max(next, 0), items.length - 1)] ?? null;
    if (this.item) this.board.sight.reveal(this.item.at);
    setText(this.board.heard, this.wordsOf(this.chosen, this.item));
    this.board.soon();
    return true;
  }

  /** The chosen student's drawer. */
  open() {
    if (!this.chosen || !this.board.acts.open) return false;
    this.board.acts.open(this.chosen);
    return true;
  }

  /** Back from a thing in the lane to the lane. */
  forget() {
    const had = this.item !== null;
    this.item = null;
    this.board.soon();
    return had;
  }

  // -- bands

  /** @param {Band | null} band */
  pointBand(band) {
    this.band = band;
    this.board.soon();
  }

  /** @param {Band} band */
  chooseBand(band) {
    this.band = band;
    this.board.sight.reveal(band.at);
    setText(this.board.heard, this.wordsOfBand(band));
    if (this.board.mayGive) this.board.acts.give(band);
    this.board.soon();
  }
}
