/**
 * The drawer of one student: beside the page where there is room, which stays live and can be used;
 * a sheet over everything on a phone. Which student it shows is the page's to say (its address).
 */

import { h, setAttribute, setText } from "../../lib/dom.js";
import { setShape, shape } from "../../lib/shapes.js";
import { age } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { People } from "./people.js";
import { StudentFile } from "./student_file.js";

/** Narrower than this the drawer covers the page. */
const NARROW = "(max-width: 48rem)";

export class Drawer {
  /** @param {import("../parts.js").Page} page */
  constructor(page) {
    this.page = page;
    this.narrow = matchMedia(NARROW);
    this.narrow.addEventListener("change", () => this.stand());
    this.people = new People(page.api, () => this.redraw());
    /** @type {import("../parts.js").Look | null} */
    this.look = null;
    /** @type {string | null} */
    this.studentId = null;
    /** @type {StudentFile | null} */
    this.file = null;
    /** @type {HTMLElement | null} */
    this.opener = null;
    this.tab = "answers";
    this.build();
  }

  build() {
    this.name = h("h2", { id: "drawer-name", tabindex: "-1" });
    this.shape = shape("absent");
    this.status = h("span", {});
    this.statusAge = h("span", { class: "numbers" });
    this.stale = h("span", { class: "stale push", role: "status" });
    this.place = h("span", { class: "soft small numbers push" });
    this.previous = this.step(-1, "drawer.previous", "Alt+ArrowUp", "back");
    this.next = this.step(1, "drawer.next", "Alt+ArrowDown", "next");
    this.closer = h("button", { type: "button", class: "bare closer", onclick: () => this.page.openStudent(null) }, shape("cancelled"), h("span", {}, t("drawer.close")));
    this.content = h("div", { class: "content" });
    this.element = h(
      "dialog",
      { class: "drawer", "aria-labelledby": "drawer-name", "aria-describedby": "drawer-keys" },
      h(
        "header",
        { class: "stack tight" },
        h("div", { class: "row" }, this.name, this.place, this.previous, this.next, this.closer),
        h("p", { class: "row shown" }, h("span", {}, this.shape, " ", this.status, " ", this.statusAge), this.stale),
        h("p", { class: "only-heard", id: "drawer-keys" }, t("drawer.keys")),
      ),
      this.content,
    );
    this.element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => this.pressed(event));
    this.element.addEventListener("cancel", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.page.openStudent(null);
    });
  }

  /**
   * @param {number} step
   * @param {string} key
   * @param {string} shortcut
   * @param {string} icon
   */
  step(step, key, shortcut, icon) {
    const attributes = { type: "button", class: "bare", "aria-label": t(key), title: t(key), "aria-keyshortcuts": shortcut };
    return h("button", { ...attributes, onclick: () => this.go(step) }, shape(icon));
  }

  /** @param {string} studentId */
  open(studentId) {
    const was = this.studentId;
    if (was === null) this.opener = /** @type {HTMLElement | null} */ (document.activeElement);
    this.drop();
    this.studentId = studentId;
    this.redraw();
    if (was !== null) return;
    this.stand();
    this.name.focus();
  }

  close() {
    const { studentId } = this;
    if (studentId === null) return;
    this.drop();
    this.studentId = null;
    this.element.close();
    setAttribute(document.documentElement, "data-drawer", null);
    this.giveFocusBack(studentId);
  }

  drop() {
    this.file?.leave();
    this.file = null;
    this.content.replaceChildren();
  }

  /** Beside the page, or over it, as there is room. */
  stand() {
    if (this.studentId === null) return;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement);
    if (this.element.open) this.element.close();
    if (this.narrow.matches) this.element.showModal();
    else this.element.show();
    setAttribute(document.documentElement, "data-drawer", "");
    if (focused && this.element.contains(focused)) focused.focus();
  }

  /** @param {string} studentId whose row gets it, wherever one has gone to meanwhile */
  giveFocusBack(studentId) {
    const row = document.querySelector(`[data-student="${CSS.escape(studentId)}"] [data-act="open"]`);
    const places = [row, this.opener].filter((one) => one instanceof HTMLElement && one.offsetParent !== null);
    /** @type {HTMLElement | undefined} */ (places[0])?.focus();
    this.opener = null;
  }

  redraw() {
    if (this.look) this.update(this.look);
  }

  /** @param {import("../parts.js").Look} look */
  update(look) {
    this.look = look;
    const { studentId } = this;
    if (studentId === null) return;
    // On a phone the page's own banner is covered.
    setText(this.stale, this.element.closest("[data-stale]") ? t("live.chip.lost") : "");
    const row = look.rows.find(({ id }) => id === studentId);
    this.updateSteps(look.shown.findIndex(({ id }) => id === studentId), look.shown.length);
    if (!row) {
      setText(this.name, t("drawer.gone"));
      return;
    }
    this.updateHead(row);
    this.file ??= this.fileOf(row);
    this.file.update(look, row);
  }

  /** @param {import("../row.js").Row} row */
  fileOf(row) {
    const file = new StudentFile({
      page: this.page,
      people: this.people,
      studentId: row.id,
      name: row.name || t("table.unlisted"),
      tab: this.tab,
      turned: (tab) => {
        this.tab = tab;
        if (this.file) this.redraw();
      },
      changed: () => this.redraw(),
    });
    this.content.replaceChildren(file.element);
    return file;
  }

  /** @param {import("../row.js").Row} row */
  updateHead(row) {
    const name = row.name || t("table.unlisted");
    setText(this.name, name);
    setAttribute(this.closer, "aria-label", t("drawer.close.label", { name }));
    setAttribute(this.element, "data-status", row.status);
    setShape(this.shape, row.status);
    setText(this.status, t(`counter.${row.status}`));
    setText(this.statusAge, row.statusAgeMs === null ? "" : age(row.statusAgeMs));
  }

  /**
   * @param {number} at −1: not among those shown
   * @param {number} total
   */
  updateSteps(at, total) {
    setText(this.place, at < 0 ? "" : t("drawer.place", { number: at + 1, total }));
    // Not `disabled`: who has just come to the end by the button must not lose their place.
    setAttribute(this.previous, "aria-disabled", at <= 0 ? "true" : null);
    setAttribute(this.next, "aria-disabled", at < 0 || at >= total - 1 ? "true" : null);
  }

  /** To the next student of those shown, in their order. @param {number} step */
  go(step) {
    const shown = this.look?.shown ?? [];
    const at = shown.findIndex(({ id }) => id === this.studentId);
    const next = at < 0 ? undefined : shown[at + step];
    if (!next) return;
    this.page.openStudent(next.id);
    this.page.say(next.name);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    if (event.key === "Escape" && !event.defaultPrevented && !this.narrow.matches) {
      event.preventDefault();
      this.page.openStudent(null);
    }
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey) return;
    event.preventDefault();
    this.go(step);
  }
}
