/**
 * The small bar that appears at a selection: colours; at a highlight also comment and removal. Under
 * a finger it stands at the foot of the page, where it is not in the way of the phone's own menu.
 */

import { uuid } from "../client/ids.js";
import { slice } from "../client/positions.js";
import { h, setText, show } from "../lib/dom.js";
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
   * @param {(highlight: Omit<Highlight, "timestamp">) => void} options.save
   * @param {(id: string) => void} options.remove
   * @param {() => boolean} options.locked
   */
  constructor(options) {
    this.options = options;
    /** @type {{start: number, end: number} | null} */
    this.place = null;
    /** @type {Highlight[]} those there, the one it is about first */
    this.existing = [];
    /** @type {() => void} */
    this.back = () => {};
    this.pressed = false;
    const colors = COLORS.map((color) =>
      h("button", { type: "button", class: "color", "data-color": color, "aria-label": t("highlight.as", { color: t(`highlight.${color}`) }), onclick: () => this.color(color) }, "A"),
    );
    this.comment = h("input", { maxlength: COMMENT_LIMIT, placeholder: t("highlight.comment"), "aria-label": t("highlight.comment") });
    this.next = h("button", { type: "button", class: "bare", onclick: () => this.about([...this.existing.slice(1), this.existing[0]]) });
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
      h("div", { class: "row" }, ...colors, this.next),
      this.more,
    );
    this.listen();
  }

  listen() {
    // A press on the bar must not lose the selection it is about, nor the bar with it.
    this.element.addEventListener("pointerdown", (/** @type {Event} */ event) => {
      this.pressed = true;
      if (event.target !== this.comment) event.preventDefault();
    });
    const released = () => {
      this.pressed = false;
    };
    this.element.addEventListener("click", released);
    // A press that ended elsewhere is no click.
    for (const type of ["pointerup", "pointercancel"]) {
      document.addEventListener(type, (event) => {
        if (this.pressed && !this.element.contains(/** @type {Node} */ (event.target))) released();
      });
    }
    document.addEventListener("selectionchange", () => this.follow());
    document.addEventListener("click", (event) => this.clicked(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.element.hidden) this.close(this.element.contains(document.activeElement));
    });
  }

  follow() {
    if (this.pressed || this.element.contains(document.activeElement)) return;
    const found = this.options.locked() ? null : (this.options.passage()?.selection() ?? null);
    if (found) this.open(found, [], found.rect);
    else if (this.existing.length === 0) this.close();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {Element} */ (event.target);
    if (this.element.contains(target) || target.closest?.("[data-highlight]")) return;
    const ids = target.closest?.("mark[data-highlights]")?.getAttribute("data-highlights")?.split(" ") ?? [];
    const there = this.options.highlights().filter(({ id }) => ids.includes(id));
    const selecting = !(document.getSelection()?.isCollapsed ?? true);
    if (there.length > 0 && !selecting && !this.options.locked()) this.edit(there.reverse(), target);
    else if (!selecting) this.close();
  }

  /**
   * Change or remove one of these highlights, the first of them to begin with.
   * @param {Highlight[]} there
   * @param {Element} near
   * @param {() => void} [back]
   */
  edit(there, near, back) {
    const [{ position_start: start, position_end: end }] = there;
    this.open({ start, end }, there, near.getBoundingClientRect(), back);
  }

  /**
   * @param {{start: number, end: number}} place
   * @param {Highlight[]} existing
   * @param {DOMRect} rect
   * @param {() => void} [back] where the focus goes when it is done
   */
  open(place, existing, rect, back = () => {}) {
    this.place = place;
    this.back = back;
    this.about(existing);
    show(this.element, true);
    if (window.matchMedia("(pointer: coarse)").matches) {
      this.element.removeAttribute("style");
      return;
    }
    const { width, height } = this.element.getBoundingClientRect();
    const left = Math.max(8, Math.min(rect.left + rect.width / 2 - width / 2, window.innerWidth - width - 8));
    const below = rect.bottom + 8 + height < window.innerHeight;
    this.element.style.left = `${left}px`;
    this.element.style.top = `${below ? rect.bottom + 8 : Math.max(8, rect.top - height - 8)}px`;
  }

  /** @param {Highlight[]} existing the one it is about first; none: a new one */
  about(existing) {
    this.existing = existing;
    const [one] = existing;
    if (one) this.place = { start: one.position_start, end: one.position_end };
    this.comment.value = one?.comment ?? "";
    show(this.more, Boolean(one));
    show(this.next, existing.length > 1);
    setText(this.next, t("highlight.next", { count: existing.length }));
  }

  focus() {
    this.element.querySelector("button")?.focus();
  }

  /** @param {boolean} [goBack] to where the focus was */
  close(goBack = false) {
    const { back } = this;
    this.place = null;
    this.existing = [];
    this.back = () => {};
    show(this.element, false);
    if (goBack) back();
  }

  /** @param {string} color */
  color(color) {
    const passage = this.options.passage()?.passage;
    if (!this.place || !passage) return;
    const { start } = this.place;
    const end = Math.min(this.place.end, start + TEXT_LIMIT);
    const made = { id: uuid(), text: slice(passage.text, start, end), passage_id: passage.id, position_start: start, position_end: end, comment: null };
    this.options.save({ ...(this.existing[0] ?? made), color_code: color });
    document.getSelection()?.removeAllRanges();
    this.close(true);
  }

  /** @param {Event} event */
  saveComment(event) {
    event.preventDefault();
    const [one] = this.existing;
    if (one) this.options.save({ ...one, comment: this.comment.value.trim() || null });
    this.close(true);
  }

  removeExisting() {
    const [one] = this.existing;
    if (one) this.options.remove(one.id);
    this.close(true);
  }
}
