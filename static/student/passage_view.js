/**
 * A passage with its highlights. The text is shown in pieces that together are exactly the passage's
 * text, so a place in the DOM and a place in the text can be told from each other.
 */

import { segments, toCodePoints, trimmed } from "../client/positions.js";
import { h } from "../lib/dom.js";
import { t } from "../words/index.js";

/** @typedef {import("../client/positions.js").Highlight} Highlight */

export class PassageView {
  /** @param {any} passage */
  constructor(passage) {
    this.passage = passage;
    this.text = h("div", { class: "passage-text", "data-passage": passage.id });
    this.list = h("ul", { class: "highlight-list" });
    this.summary = h("summary", {});
    this.details = h("details", { class: "highlights small" }, this.summary, this.list);
    this.hint = h("p", { class: "soft small" }, t("highlight.hint"));
    this.element = h("article", { class: "passage" }, h("h2", {}, passage.title), this.text, this.hint, this.details);
    /** @type {string | null} */
    this.drawn = null;
  }

  /**
   * @param {Highlight[]} highlights of this passage
   * @param {(id: string) => void} remove
   * @param {boolean} locked
   */
  update(highlights, remove, locked) {
    const key = JSON.stringify([locked, highlights]);
    if (key === this.drawn) return;
    this.drawn = key;
    const pieces = segments(this.passage.text, highlights).map((segment) => {
      const top = segment.highlights.at(-1);
      if (!top) return document.createTextNode(segment.text);
      const ids = segment.highlights.map(({ id }) => id).join(" ");
      const title = segment.highlights.map(({ comment }) => comment).filter(Boolean).join("\n") || null;
      return h("mark", { "data-color": top.color_code, "data-highlights": ids, title }, segment.text);
    });
    this.text.replaceChildren(...pieces);
    this.details.hidden = highlights.length === 0;
    this.hint.hidden = highlights.length > 0 || locked;
    this.summary.textContent = t("highlight.list", { count: highlights.length });
    this.list.replaceChildren(...highlights.map((one) => this.item(one, remove, locked)));
  }

  /**
   * @param {Highlight} highlight
   * @param {(id: string) => void} remove
   * @param {boolean} locked
   */
  item({ id, text, comment, color_code }, remove, locked) {
    const label = t("highlight.remove.label", { text });
    return h(
      "li",
      {},
      h("mark", { "data-color": color_code }, text),
      comment ? h("span", {}, ` ${comment}`) : null,
      locked ? null : h("button", { type: "button", class: "bare small", "aria-label": label, onclick: () => remove(id) }, t("highlight.remove")),
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
