/** The small bar that appears at a selection: colours; at a highlight also comment and removal. */

import { uuid } from "../client/ids.js";
import { slice } from "../client/positions.js";
import { h, show } from "../lib/dom.js";
import { t } from "../words/index.js";

export const COLORS = ["yellow", "green", "blue", "pink"];
const COMMENT_LIMIT = 2_000;
const TEXT_LIMIT = 2_000;

/** @typedef {import("../client/positions.js").Highlight} Highlight */

export class HighlightTools {
  /**
   * @param {object} options
   * @param {() => import("./passage_view.js").PassageView | null} options.passage the one shown
   * @param {() => Highlight[]} options.highlights
   * @param {(highlight: Highlight) => void} options.save
   * @param {(id: string) => void} options.remove
   * @param {() => boolean} options.locked
   */
  constructor(options) {
    this.options = options;
    /** @type {{start: number, end: number} | null} */
    this.place = null;
    /** @type {Highlight | null} */
    this.existing = null;
    const colors = COLORS.map((color) =>
      h("button", { type: "button", class: "color", "data-color": color, "aria-label": t("highlight.as", { color: t(`highlight.${color}`) }), onclick: () => this.color(color) }, "A"),
    );
    this.comment = h("input", { maxlength: COMMENT_LIMIT, placeholder: t("highlight.comment"), "aria-label": t("highlight.comment") });
    this.more = h(
      "form",
      { class: "row", onsubmit: (/** @type {Event} */ event) => this.saveComment(event) },
      this.comment,
      h("button", { type: "submit" }, t("highlight.save")),
      h("button", { type: "button", onclick: () => this.removeExisting() }, t("highlight.remove")),
    );
    this.element = h(
      "div",
      { class: "highlight-tools", role: "group", "aria-label": t("highlight.tools"), hidden: true },
      h("div", { class: "row" }, ...colors),
      this.more,
    );
    // A press on the bar must not lose the selection it is about.
    this.element.addEventListener("pointerdown", (/** @type {Event} */ event) => {
      if (event.target !== this.comment) event.preventDefault();
    });
    document.addEventListener("selectionchange", () => this.follow());
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.close();
    });
  }

  follow() {
    if (this.element.contains(document.activeElement)) return;
    const found = this.options.locked() ? null : (this.options.passage()?.selection() ?? null);
    if (found) this.open(found, null, found.rect);
    else if (this.existing === null) this.close();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {Element} */ (event.target);
    if (this.element.contains(target)) return;
    const id = target.closest?.("mark[data-highlights]")?.getAttribute("data-highlights")?.split(" ").at(-1);
    const highlight = this.options.highlights().find((one) => one.id === id);
    const selecting = !(document.getSelection()?.isCollapsed ?? true);
    if (highlight && !selecting && !this.options.locked()) {
      const { position_start: start, position_end: end } = highlight;
      this.open({ start, end }, highlight, target.getBoundingClientRect());
    } else if (!selecting) {
      this.close();
    }
  }

  /**
   * @param {{start: number, end: number}} place
   * @param {Highlight | null} existing
   * @param {DOMRect} rect
   */
  open({ start, end }, existing, rect) {
    this.place = { start, end };
    this.existing = existing;
    this.comment.value = existing?.comment ?? "";
    show(this.more, existing !== null);
    show(this.element, true);
    const { width, height } = this.element.getBoundingClientRect();
    const left = Math.max(8, Math.min(rect.left + rect.width / 2 - width / 2, window.innerWidth - width - 8));
    const below = rect.bottom + 8 + height < window.innerHeight;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${below ? rect.bottom + 8 : Math.max(8, rect.top - height - 8)}px`;
  }

  close() {
    this.place = null;
    this.existing = null;
    show(this.element, false);
  }

  /** @param {string} color */
  color(color) {
    const passage = this.options.passage()?.passage;
    if (!this.place || !passage) return;
    const { start, end } = this.place;
    const base = this.existing ?? {
      id: uuid(),
      text: slice(passage.text, start, Math.min(end, start + TEXT_LIMIT)),
      passage_id: passage.id,
      position_start: start,
      position_end: Math.min(end, start + TEXT_LIMIT),
      comment: null,
    };
    this.options.save({ ...base, timestamp: new Date().toISOString(), color_code: color });
    document.getSelection()?.removeAllRanges();
    this.close();
  }

  /** @param {Event} event */
  saveComment(event) {
    event.preventDefault();
    if (this.existing) this.options.save({ ...this.existing, comment: this.comment.value.trim() || null });
    this.close();
  }

  removeExisting() {
    if (this.existing) this.options.remove(this.existing.id);
    this.close();
  }
}
