/**
 * The picture of a sitting on a page: times above, a lane for the sitting and one a student below,
 * the slider under them. Shows what it is given, and draws only what is in sight.
 *
 * @typedef {object} Shown
 * @property {import("./model.js").Picture} picture
 * @property {{id: string, name: string, status: import("../status.js").Shown}[]} people in order
 * @property {string[]} everyone whom the numbers count
 * @property {Record<string, number> | null} counts of the present, where more is known than events tell
 * @property {number} now
 * @property {(id: string) => number | null} lastSign of who is connected now
 * @property {{numbers: Map<string, number>}} names
 * @property {boolean} mayGive whether lost time can be given back
 * @property {string} notice instead of a detail; empty: none
 *
 * @typedef {object} Acts what the page lets the board do; null: nothing
 * @property {((studentId: string) => void) | null} open
 * @property {((band: import("./bands.js").Band) => void) | null} give
 */

import { h, setAttribute, setText } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { AXIS, paintAxis } from "./axis.js";
import { bandsOf } from "./bands.js";
import { BandsRow } from "./bands_row.js";
import { Hand } from "./hand.js";
import { itemsOf, sittingItems } from "./items.js";
import { Legend } from "./legend.js";
import { Options } from "./options.js";
import { LANE, Painter, prepare } from "./painter.js";
import { onTheme, paletteOf } from "./palette.js";
import { listen } from "./pointing.js";
import { Replay } from "./replay.js";
import { countsAt, stateAt, summaryOf } from "./segments.js";
import { Sight } from "./sight.js";
import { Tools } from "./tools.js";
import { summaryWords } from "./words.js";

/** The id of the lane that is nobody's. */
export const SITTING = "";

export class Board {
  /** @param {Acts} acts */
  constructor(acts) {
    this.acts = acts;
    this.sight = new Sight();
    /** @type {Shown | null} */
    this.shown = null;
    /** @type {string[]} of the lanes, the sitting's first */
    this.ids = [];
    this.hand = new Hand(this);
    /** @type {import("./palette.js").Palette | null} */
    this.palette = null;
    this.frame = 0;
    this.compose();
    listen(this);
    onTheme(() => {
      this.palette = null;
      this.soon();
    });
    new ResizeObserver(() => this.soon()).observe(this.scroller);
  }

  compose() {
    this.tools = new Tools(this);
    this.legend = new Legend();
    this.legend.changed = () => this.soon();
    this.replay = new Replay(() => this.soon());
    this.bandsRow = new BandsRow(this.hand);
    this.detail = h("p", { class: "lanes-detail" });
    this.heard = h("p", { class: "only-heard", role: "status" });
    this.axis = h("canvas", { class: "lanes-axis", "aria-hidden": "true" });
    this.canvas = h("canvas", { class: "lanes-plot", "aria-hidden": "true" });
    this.corner = h("span", { class: "soft small numbers" });
    this.head = h("div", { class: "lanes-head" }, h("div", { class: "lanes-corner" }, this.corner), this.axis, this.bandsRow.element);
    this.list = h("div", { class: "lanes-list", role: "listbox", tabindex: "0", "aria-label": t("lanes.list") }, this.canvas);
    this.options = new Options(this.list);
    this.scroller = h("div", { class: "lanes-scroll" }, this.head, this.list);
    this.element = h(
      "section",
      { class: "card flush lanes", "aria-label": t("lanes.title") },
      h("div", { class: "lanes-top" }, this.tools.element, this.detail, this.legend.element),
      this.scroller,
      this.replay.element,
      this.heard,
    );
  }

  /** @param {Shown} shown */
  update(shown) {
    this.shown = shown;
    const { picture, people, now } = shown;
    this.ids = [SITTING, ...people.map(({ id }) => id)];
    this.byId = new Map(people.map((one) => [one.id, one]));
    this.hand.keep();
    const over = picture.endedAt < Infinity;
    const end = over ? Math.max(picture.endedAt, picture.lastAt) : now;
    const first = Math.min(picture.firstAt, end);
    this.sight.grow(first, end);
    this.replay.update({ from: first, to: end }, over);
    this.soon();
  }

  /** Draw with the next frame, however often it is asked for. */
  soon() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  /** The moment that is shown: nothing later is. */
  get until() {
    return this.replay.t ?? this.replay.range.to;
  }

  /** Whether the present is shown, not the past. */
  get present() {
    return this.replay.t === null;
  }

  get width() {
    return this.canvas.clientWidth || 1;
  }

  /** @param {number} clientX */
  timeAt(clientX) {
    const { from, to } = this.sight.span;
    return from + ((clientX - this.canvas.getBoundingClientRect().left) / this.width) * (to - from);
  }

  draw() {
    if (!this.shown || this.scroller.clientWidth === 0) return;
    const { picture, people } = this.shown;
    const { until } = this;
    this.replay.update(this.replay.range, picture.endedAt < Infinity);
    if (this.replay.playing) this.sight.reveal(until);
    this.palette ??= paletteOf(this.element);
    this.list.style.height = `${this.ids.length * LANE}px`;
    const room = Math.min(this.ids.length * LANE, this.scroller.clientHeight - this.head.offsetHeight);
    const height = Math.max(LANE, room);
    this.canvas.style.height = `${height}px`;
    const first = this.firstInSight;
    const last = Math.ceil((this.scroller.scrollTop + height) / LANE);
    const bands = bandsOf(picture.cuts, (at) => picture.joinedBy(at), until);
    this.paint(first, last, height, bands);
    this.options.update(this.ids, first, last, this.hand.chosen, (id) => this.lineOf(id));
    this.bandsRow.update(bands, (at) => this.x(at), this.width, this.mayGive, (id) => this.nameOf(id));
    this.tools.update(this.sight);
    this.legend.paint(this.palette);
    setText(this.corner, t("lanes.corner", { count: people.length }));
    setText(this.detail, this.hand.words());
    this.replay.tell(this.present && this.shown.counts ? this.shown.counts : countsAt(picture, this.shown.everyone, until));
    setAttribute(this.element, "data-past", this.present ? null : "");
  }

  /**
   * @param {number} first lane in sight
   * @param {number} last the one behind
   * @param {number} height
   * @param {import("./bands.js").Band[]} bands
   */
  paint(first, last, height, bands) {
    const { sight, width, until } = this;
    const { span } = sight;
    const axis = new Painter(prepare(this.axis, width, AXIS), width, AXIS, this.palette, span);
    paintAxis(axis, until);
    const painter = new Painter(prepare(this.canvas, width, height), width, height, this.palette, span);
    const shift = this.scroller.scrollTop;
    const rows = this.ids.slice(first, last).map((id, index) => ({ top: (first + index) * LANE - shift, items: this.itemsOf(id), chosen: id === this.hand.chosen }));
    const { item, pointed } = this.hand;
    painter.paint({ span, until, pauses: this.shown.picture.pauses, bands, rows, item: pointed?.item ?? item, pointer: pointed?.t ?? null });
  }

  /** @param {number} at */
  x(at) {
    const { from, to } = this.sight.span;
    return ((at - from) / (to - from)) * this.width;
  }

  /** @param {string} id @returns {import("./items.js").Item[]} */
  itemsOf(id) {
    const { picture } = this.shown;
    if (id === SITTING) return sittingItems(picture, this.until);
    return itemsOf(picture, picture.lanes.get(id), this.until, this.lastSign(id));
  }

  /** Where the present state knows more than the events. @param {string} id */
  lastSign(id) {
    return this.present ? this.shown.lastSign(id) : null;
  }

  /** @param {string} id */
  nameOf(id) {
    return id === SITTING ? t("lanes.sitting") : (this.byId.get(id)?.name ?? "");
  }

  /** @param {string} id @returns {import("./options.js").Line} */
  lineOf(id) {
    const { picture } = this.shown;
    if (id === SITTING) return { id, name: t("lanes.sitting"), shape: "scheduled", sum: t(`status.${picture.status.value(this.until)}`) };
    const lane = picture.lanes.get(id);
    const status = this.present ? this.byId.get(id).status : stateAt(picture, id, this.until).status;
    return { id, name: this.nameOf(id), shape: status, sum: lane ? summaryWords(summaryOf(picture, lane, this.until, this.lastSign(id))) : t("lanes.sum.absent") };
  }

  get firstInSight() {
    return Math.floor(this.scroller.scrollTop / LANE);
  }

  /** Bring a lane into sight. @param {number} index */
  scrollTo(index) {
    const { scroller, head } = this;
    const top = index * LANE;
    const room = scroller.clientHeight - head.offsetHeight;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    if (top + LANE > scroller.scrollTop + room) scroller.scrollTop = top + LANE - room;
  }

  // -- the time in sight; each says whether it meant something

  /** @param {number} factor @param {number} [anchor] a moment; without one what is chosen, or now */
  zoom(factor, anchor) {
    const { span } = this.sight;
    const chosen = anchor ?? this.hand.item?.at ?? this.until;
    this.sight.zoom(factor, chosen >= span.from && chosen <= span.to ? chosen : (span.from + span.to) / 2);
    this.soon();
    return true;
  }

  /** @param {number} share of what is in sight */
  pan(share) {
    this.sight.pan(share);
    this.soon();
    return true;
  }

  showWhole() {
    this.sight.showWhole();
    this.soon();
    return true;
  }

  showNow() {
    if (this.sight.mode === "whole") this.zoom(3, this.replay.range.to);
    this.replay.end();
    this.sight.showNow();
    this.soon();
  }

  /** Whether lost time can be given back from here. */
  get mayGive() {
    return this.shown.mayGive && this.acts.give !== null;
  }
}
