/**
 * Marking by keyboard: a caret of words goes through the passage, what it covers is the page's own
 * selection, and Enter leads to the colours. What it covers is said to those who do not see it.
 */

import { slice } from "../client/positions.js";
import { h, setAttribute } from "../lib/dom.js";
import { language, t } from "../words/index.js";
import { covered, moved, wordsOf } from "./word_caret.js";

/** @typedef {import("../client/positions.js").Highlight} Highlight */

export class KeyboardMarking {
  /**
   * @param {object} options
   * @param {() => Highlight[]} options.highlights
   * @param {import("./highlight_tools.js").HighlightTools} options.tools
   */
  constructor({ highlights, tools }) {
    this.highlights = highlights;
    this.tools = tools;
    this.heard = h("p", { class: "only-heard", "aria-live": "assertive" });
    this.help = h("p", { class: "marking-help small", id: "marking-help", hidden: true }, t("highlight.keyboard.help"));
    this.element = h("div", {}, this.help, this.heard);
    /** @type {import("./passage_view.js").PassageView | null} */
    this.view = null;
    /** @type {import("./word_caret.js").Word[]} */
    this.words = [];
    /** @type {Map<string, import("./word_caret.js").Caret>} where it was, by passage */
    this.carets = new Map();
    this.onkey = (/** @type {KeyboardEvent} */ event) => this.key(event);
    this.onblur = () => this.left();
  }

  /** @param {import("./passage_view.js").PassageView} view */
  begin(view) {
    this.end();
    this.words = wordsOf(view.passage.text, language());
    if (this.words.length === 0) return;
    this.view = view;
    const { text } = view;
    for (const [name, value] of Object.entries(this.attributes())) setAttribute(text, name, value);
    text.addEventListener("keydown", this.onkey);
    text.addEventListener("blur", this.onblur);
    this.tools.element.addEventListener("focusout", this.onblur);
    view.mark.after(this.help);
    this.help.hidden = false;
    text.focus();
    this.show();
  }

  /** Over with it: the text is a text again. */
  end() {
    const { view } = this;
    this.view = null;
    if (!view) return;
    for (const name of Object.keys(this.attributes())) setAttribute(view.text, name, null);
    view.text.removeEventListener("keydown", this.onkey);
    view.text.removeEventListener("blur", this.onblur);
    this.tools.element.removeEventListener("focusout", this.onblur);
    this.help.hidden = true;
  }

  attributes() {
    const title = this.view?.passage.title ?? "";
    return { tabindex: "0", role: "application", "aria-label": t("highlight.keyboard.label", { title }), "aria-describedby": this.help.id };
  }

  /** The focus went on: into the colours, or away. */
  left() {
    setTimeout(() => {
      const { activeElement } = document;
      if (!this.view || activeElement === this.view.text || this.tools.element.contains(activeElement)) return;
      this.end();
    });
  }

  get caret() {
    const known = this.carets.get(this.view?.passage.id);
    return known && known.head < this.words.length ? known : { anchor: 0, head: 0 };
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { view } = this;
    if (!view) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      this.tools.close();
      document.getSelection()?.removeAllRanges();
      this.end();
      view.mark.focus();
    } else if (event.key === "Enter" || event.key === " ") {
      this.choose(view);
    } else {
      const next = moved(this.words, this.caret, event.key, event.shiftKey);
      if (next === null) return;
      this.carets.set(view.passage.id, next);
      this.show();
    }
    event.preventDefault();
  }

  /** Select what the caret covers, and say it. */
  show() {
    const { view } = this;
    if (!view) return;
    const place = covered(this.words, this.caret);
    view.select(place);
    const words = slice(view.passage.text, place.start, place.end);
    const marks = this.marksAt(place);
    const said = marks.map(({ color_code, comment }) => t("highlight.there", { color: t(`highlight.${color_code}`), comment: comment ?? "" }));
    const { anchor, head } = this.caret;
    const what = anchor === head ? words : t("highlight.selected", { count: Math.abs(head - anchor) + 1, text: words });
    this.heard.textContent = [what, ...said].join(". ");
  }

  /** @param {import("./passage_view.js").PassageView} view */
  choose(view) {
    const { anchor, head } = this.caret;
    const place = covered(this.words, this.caret);
    const marks = anchor === head ? this.marksAt(place) : [];
    const rect = /** @type {Selection} */ (document.getSelection()).getRangeAt(0).getBoundingClientRect();
    const back = () => {
      if (this.view !== view) return;
      view.text.focus();
      this.show();
    };
    this.tools.open(place, marks.reverse(), rect, back);
    this.tools.focus();
  }

  /** @param {{start: number, end: number}} place */
  marksAt({ start, end }) {
    const id = this.view?.passage.id;
    return this.highlights().filter((one) => one.passage_id === id && one.position_start < end && one.position_end > start);
  }
}
