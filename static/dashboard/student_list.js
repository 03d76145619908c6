/**
 * What the table and the tiles have in common: a view a student, arranged when their order changes.
 * What ticks is written only in views near the part of the page that is seen; the others follow as
 * they come near. Clicks and keys mean the same in both.
 */

import { arrange, h, setText, show } from "../lib/dom.js";
import { t } from "../words/index.js";
import { withAll, withRange } from "./selection.js";

const NEAR = "400px 0px";
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/**
 * @typedef {import("./parts.js").Look} Look
 * @typedef {object} StudentView marks what can be clicked with `data-act`: `open`, `lower`, `pick`
 * @property {HTMLElement} element with `data-student`
 * @property {(row: import("./row.js").Row, look: Look) => void} update what has changed
 * @property {() => void} tick what goes on by itself, as of the last update
 */

export class StudentList {
  /**
   * @param {import("./parts.js").Page} page
   * @param {HTMLElement} body whose children the views are
   * @param {(id: string) => StudentView} make
   */
  constructor(page, body, make) {
    this.page = page;
    this.body = body;
    this.make = make;
    /** @type {Look | null} */
    this.look = null;
    /** @type {Map<string, StudentView>} */
    this.views = new Map();
    /** @type {Set<StudentView>} */
    this.near = new Set();
    /** @type {string[]} */
    this.order = [];
    /** @type {string | null} */
    this.anchor = null; // who was picked last
    this.nothing = h("p", { class: "soft nothing" }); // stands below when there is nobody to show
    this.observer = new IntersectionObserver((entries) => this.moved(entries), { rootMargin: NEAR });
    body.addEventListener("click", (event) => this.clicked(event));
    body.addEventListener("keydown", (event) => this.pressed(event));
  }

  /** @param {Look} look */
  update(look) {
    this.look = look;
    const { shown, rows } = look;
    const before = this.order;
    this.order = shown.map(({ id }) => id);
    for (const row of shown) this.viewOf(row.id).update(row, look);
    for (const view of this.near) view.tick();
    if (before.length !== shown.length || before.some((id, at) => id !== this.order[at])) {
      arrange(this.body, this.order.map((id) => this.viewOf(id).element));
    }
    if (this.views.size > rows.length) this.forget(new Set(rows.map(({ id }) => id)));
    show(this.nothing, shown.length === 0);
    if (shown.length === 0) setText(this.nothing, t(rows.length === 0 ? "table.empty" : "table.none"));
  }

  /** @param {string} id */
  viewOf(id) {
    let view = this.views.get(id);
    if (!view) {
      view = this.make(id);
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
      const view = this.views.get(idOf(target));
      if (!view) continue;
      if (isIntersecting) {
        this.near.add(view);
        view.tick();
      } else {
        this.near.delete(view);
      }
    }
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const act = actOf(event);
    if (!act) return;
    const id = idOf(act);
    if (act.dataset.act === "open") this.page.openStudent(id);
    if (act.dataset.act === "lower") this.page.steer.run("lower_hands", [id]);
    if (act.dataset.act === "pick") this.pick(id, /** @type {HTMLInputElement} */ (act).checked, event.shiftKey);
  }

  /**
   * @param {string} id
   * @param {boolean} wanted
   * @param {boolean} range from the one picked before to this one
   */
  pick(id, wanted, range) {
    const { selection } = this.look;
    this.page.select(range ? withRange(selection, this.order, this.anchor, id, wanted) : withAll(selection, [id], wanted));
    this.anchor = id;
  }

  /** Arrows go to the same place of the one before or after. @param {KeyboardEvent} event */
  pressed(event) {
    const step = STEPS[/** @type {keyof typeof STEPS} */ (event.key)];
    const act = actOf(event);
    if (!step || !act || event.altKey || event.ctrlKey || event.metaKey) return;
    const next = this.order[this.order.indexOf(idOf(act)) + step];
    if (next === undefined) return;
    event.preventDefault();
    const { element } = this.viewOf(next);
    const place = element.querySelector(`[data-act="${act.dataset.act}"]`) ?? element.querySelector('[data-act="open"]');
    /** @type {HTMLElement} */ (place).focus();
  }
}

/**
 * @param {Event} event
 * @returns {HTMLElement | null}
 */
function actOf(event) {
  return /** @type {HTMLElement} */ (event.target).closest("[data-act]");
}

/** @param {Element} element */
function idOf(element) {
  return /** @type {HTMLElement} */ (element.closest("[data-student]")).dataset.student;
}
