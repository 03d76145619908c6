/**
 * A passage with its highlights. The text is shown in pieces that together are exactly the passage's
 * text, so a place in the DOM and a place in the text can be told from each other.
 */

import { segments, toCodePoints, toUnits, trimmed } from "../client/positions.js";
import { h } from "../lib/dom.js";
import { t } from "../words/index.js";

/** @typedef {import("../client/positions.js").Highlight} Highlight */
/** @typedef {{remove: (id: string) => void, edit: (id: string, near: Element) => void}} Doing */

export class PassageView {
  /**
   * @param {any} passage
   * @param {() => void} mark begin to mark by keyboard
   */
  constructor(passage, mark) {
    this.passage = passage;
    this.text = h("div", { class: "passage-text", "data-passage": passage.id });
    this.list = h("ul", { class: "highlight-list" });
    this.summary = h("summary", {});
    this.details = h("details", { class: "highlights small" }, this.summary, this.list);
    this.hint = h("p", { class: "soft small" }, t("highlight.hint"));
    this.mark = h("button", { type: "button", class: "bare small by-keyboard", onclick: mark }, t("highlight.keyboard"));
    this.element = h("article", { class: "passage" }, h("h2", {}, passage.title), this.mark, this.text, this.hint, this.details);
    /** @type {string | null} */
    this.drawn = null;
  }

  /**
   * @param {Highlight[]} highlights of this passage
   * @param {Doing} doing
   * @param {boolean} locked
   * @returns {boolean} whether anything was drawn anew
   */
  update(highlights, doing, locked) {
    const key = JSON.stringify([locked, highlights]);
    if (key === this.drawn) return false;
    this.drawn = key;
    const pieces = segments(this.passage.text, highlights).map((segment) => {
      const top = segment.highlights.at(-1);
      if (!top) return document.createTextNode(segment.text);
      const ids = segment.highlights.map(({ id }) => id).join(" ");
      const title = segment.highlights.map(({ comment }) => comment).filter(Boolean).join("\n") || null;
      const several = segment.highlights.length > 1 ? "" : null;
      return h("mark", { "data-color": top.color_code, "data-highlights": ids, "data-several": several, title }, segment.text);
    });
    this.text.replaceChildren(...pieces);
    this.details.hidden = highlights.length === 0;
    this.hint.hidden = highlights.length > 0 || locked;
    this.mark.hidden = locked;
    this.summary.textContent = t("highlight.list", { count: highlights.length });
    this.list.replaceChildren(...highlights.map((one) => this.item(one, doing, locked)));
    return true;
  }

  /**
   * @param {Highlight} highlight
   * @param {Doing} doing
   * @param {boolean} locked
   */
  item({ id, text, comment, color_code }, { remove, edit }, locked) {
    const button = (/** @type {string} */ word, /** @type {string} */ label, /** @type {(event: Event) => void} */ onclick) =>
      h("button", { type: "button", class: "bare small", "aria-label": label, onclick }, word);
    return h(
      "li",
      { "data-highlight": id },
      h("mark", { "data-color": color_code }, text),
      comment ? h("span", {}, ` ${comment}`) : null,
      locked ? null : button(t("highlight.edit"), t("highlight.edit.label", { text }), ({ target }) => edit(id, /** @type {Element} */ (target))),
      locked ? null : button(t("highlight.remove"), t("highlight.remove.label", { text }), () => remove(id)),
    );
  }

  /**
   * What is selected inside this passage, in code points of its text, without outer white space.
   * @returns {{start: number, end: number, rect: DOMRect} | null}
   */
  selection() {
    const selected = document.getSelection();
    if (!selected || selected.isCollapsed || selected.rangeCount === 0) return null;
    const range = selected.getRangeAt(0);
    if (!this.text.contains(range.startContainer) || !this.text.contains(range.endContainer)) return null;
    const { text } = this.passage;
    const place = trimmed(text, toCodePoints(text, this.units(range, "start")), toCodePoints(text, this.units(range, "end")));
    return place && { ...place, rect: range.getBoundingClientRect() };
  }

  /**
   * Select a place of the text, and bring it into sight.
   * @param {{start: number, end: number}} place
   */
  select({ start, end }) {
    const { text } = this.passage;
    const range = document.createRange();
    range.setStart(...this.spot(toUnits(text, start)));
    range.setEnd(...this.spot(toUnits(text, end)));
    const selection = document.getSelection();
    selection?.removeAllRanges();
    selection?.addRange(range);
    range.endContainer.parentElement?.scrollIntoView({ block: "nearest" });
  }

  /**
   * @param {number} units UTF-16 units of the text before it
   * @returns {[Node, number]} the text node it is in, and how far
   */
  spot(units) {
    const walker = document.createTreeWalker(this.text, NodeFilter.SHOW_TEXT);
    let left = units;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const { length } = /** @type {Text} */ (node);
      if (left <= length) return [node, left];
      left -= length;
    }
    return [this.text, this.text.childNodes.length];
  }

  /**
   * @param {Range} range
   * @param {"start" | "end"} edge
   * @returns {number} UTF-16 units before that edge
   */
  units(range, edge) {
    const before = document.createRange();
    before.selectNodeContents(this.text);
    if (edge === "start") before.setEnd(range.startContainer, range.startOffset);
    else before.setEnd(range.endContainer, range.endOffset);
    return before.toString().length;
  }
}
