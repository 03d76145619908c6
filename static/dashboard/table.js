/**
 * The table of all students: a row view each, arranged when their order changes. What ticks is
 * written only in rows near the part of the page that is seen; the others follow as they come near.
 */

import { arrange, h, setText, show } from "../lib/dom.js";
import { t } from "../words/index.js";
import { RowView } from "./row_view.js";
import { withAll, withRange } from "./selection.js";

const COLUMNS = ["name", "status", "progress", "question", "seen", "saved", "left", "flags"];
const NEAR = "400px 0px";

/** @typedef {import("./parts.js").Look} Look */

export class StudentTable {
  /** @param {import("./parts.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {Look | null} */
    this.look = null;
    /** @type {Map<string, RowView>} */
    this.views = new Map();
    /** @type {Set<RowView>} */
    this.near = new Set();
    /** @type {import("./row.js").Row[]} */
    this.shown = [];
    /** @type {string | null} */
    this.anchor = null; // the row that was picked last
    this.observer = new IntersectionObserver((entries) => this.moved(entries), { rootMargin: NEAR });
    this.body = h("tbody", { role: "rowgroup", onclick: (/** @type {MouseEvent} */ event) => this.clicked(event), onkeydown: (/** @type {KeyboardEvent} */ event) => this.pressed(event) });
    this.nothing = h("p", { class: "soft nothing" });
    const heads = COLUMNS.map((name) => h("th", { scope: "col", role: "columnheader", class: name }, t(`table.${name}`)));
    this.table = h(
      "table",
      { class: "students", role: "table" },
      h("caption", { class: "only-heard" }, t("table.caption")),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("td", { class: "pick", role: "cell" }), ...heads)),
      this.body,
    );
    this.element = h("div", { class: "card flush" }, this.table, this.nothing);
  }

  /** @param {Look} look */
  update(look) {
    this.look = look;
    const { shown, rows } = look;
    const before = this.shown;
    this.shown = shown;
    for (const row of shown) this.viewOf(row.id).update(row, look);
    for (const view of this.near) view.tick();
    if (before.length !== shown.length || before.some(({ id }, at) => id !== shown[at].id)) {
      arrange(this.body, shown.map(({ id }) => this.viewOf(id).element));
    }
    if (this.views.size > rows.length) this.forget(new Set(rows.map(({ id }) => id)));
    this.table.toggleAttribute("data-read-only", !look.may.steer);
    show(this.nothing, shown.length === 0);
    if (shown.length === 0) setText(this.nothing, t(rows.length === 0 ? "table.empty" : "table.none"));
  }

  /** @param {string} id */
  viewOf(id) {
    let view = this.views.get(id);
    if (!view) {
      view = new RowView(id);
      this.views.set(id, view);
      this.observer.observe(view.element);
    }
    return view;
  }

  /** @param {Set<string>} kept */
  forget(kept) {
    for (const [id, view] of this.views) {
      if (kept.has(id)) continue;
      this.observer.unobserve(view.element);
      this.near.delete(view);
      this.views.delete(id);
    }
  }

  /** @param {IntersectionObserverEntry[]} entries */
  moved(entries) {
    for (const { target, isIntersecting } of entries) {
      const view = this.views.get(/** @type {HTMLElement} */ (target).dataset.student);
      if (!view) continue;
      if (isIntersecting) {
        this.near.add(view);
        view.tick();
      } else this.near.delete(view);
    }
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const id = target.closest("tr")?.dataset.student;
    const act = target.closest("[data-act]");
    if (!id || !(act instanceof HTMLElement)) return;
    if (act.dataset.act === "open") this.page.openStudent(id);
    if (act.dataset.act === "lower") this.page.steer.run("lower_hands", [id]);
    if (act.dataset.act === "pick") this.pick(id, /** @type {HTMLInputElement} */ (act).checked, event.shiftKey);
  }

  /**
   * @param {string} id
   * @param {boolean} wanted
   * @param {boolean} range from the one before to this one
   */
  pick(id, wanted, range) {
    const { selection } = this.look;
    const shown = this.shown.map((row) => row.id);
    this.page.select(range ? withRange(selection, shown, this.anchor, id, wanted) : withAll(selection, [id], wanted));
    this.anchor = id;
  }

  /** Up and down go to the same place of the next row. @param {KeyboardEvent} event */
  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = /** @type {HTMLElement} */ (event.target).closest("[data-act]");
    if (!step || !(here instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.shown.findIndex(({ id }) => id === here.closest("tr").dataset.student);
    const next = this.shown[at + step];
    if (!next) return;
    event.preventDefault();
    const { element } = this.viewOf(next.id);
    const place = element.querySelector(`[data-act="${here.dataset.act}"]`) ?? element.querySelector('[data-act="open"]');
    /** @type {HTMLElement} */ (place).focus();
  }
}
