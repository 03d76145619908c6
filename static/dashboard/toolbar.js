/** Above the students: choose all of them, search, order, and the way they are shown. */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { t } from "../words/index.js";
import { Average } from "./average.js";
import { extent, withAll } from "./selection.js";
import { ORDERS } from "./sorting.js";

export class Toolbar {
  /**
   * @param {import("./parts.js").Page} page
   * @param {string[]} views that there are
   */
  constructor(page, views) {
    this.page = page;
    /** @type {import("./parts.js").Look | null} */
    this.look = null;
    this.all = h("input", { type: "checkbox", onchange: () => this.selectShown() });
    this.allWords = h("span", {});
    this.pick = h("label", { class: "row pick-all" }, this.all, this.allWords);
    this.search = h("input", {
      type: "search",
      placeholder: t("table.search"),
      "aria-label": t("table.search"),
      oninput: () => page.choose({ search: this.search.value }),
    });
    const orders = Object.keys(ORDERS).map((name) => h("option", { value: name }, t(`table.order.${name}`)));
    this.order = h("select", { onchange: () => page.choose({ order: this.order.value }) }, ...orders);
    this.average = new Average();
    this.views = new Map(views.map((name) => [name, viewButton(name, () => page.choose({ view: name }))]));
    this.element = h(
      "div",
      { class: "row toolbar" },
      this.pick,
      this.search,
      h("label", { class: "row order" }, t("table.order"), this.order),
      h("div", { class: "row push" }, this.average.element, h("div", { class: "views", role: "group", "aria-label": t("view.label") }, ...this.views.values())),
    );
  }

  /** @param {import("./parts.js").Look} look */
  update(look) {
    const { choice, shown, selection, may } = look;
    this.look = look;
    show(this.pick, may.steer);
    const chosen = extent(selection, shown.map(({ id }) => id));
    if (this.all.checked !== (chosen === "all")) this.all.checked = chosen === "all";
    if (this.all.indeterminate !== (chosen === "some")) this.all.indeterminate = chosen === "some";
    if (this.all.disabled !== (shown.length === 0)) this.all.disabled = shown.length === 0;
    setText(this.allWords, t("table.pick.all", { count: shown.length }));
    if (this.search.value.trim() !== choice.search.trim()) this.search.value = choice.search;
    this.average.update(look);
    if (this.order.value !== choice.order) this.order.value = choice.order;
    for (const [name, button] of this.views) setAttribute(button, "aria-pressed", String(name === choice.view));
  }

  selectShown() {
    const { selection, shown } = this.look;
    this.page.select(withAll(selection, shown.map(({ id }) => id), this.all.checked));
  }
}

/**
 * @param {string} name
 * @param {() => void} onclick
 */
function viewButton(name, onclick) {
  return h("button", { type: "button", class: "view", onclick }, t(`view.${name}`));
}
