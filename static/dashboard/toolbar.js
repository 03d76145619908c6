/** Search and order of the table. */

import { h } from "../lib/dom.js";
import { t } from "../words/index.js";
import { ORDERS } from "./sorting.js";

/**
 * @param {(part: {search?: string, order?: string}) => void} choose
 * @returns {HTMLElement}
 */
export function toolbar(choose) {
  const search = h("input", {
    type: "search",
    placeholder: t("table.search"),
    "aria-label": t("table.search"),
    oninput: () => choose({ search: search.value }),
  });
  const orders = Object.keys(ORDERS).map((name) => h("option", { value: name }, t(`table.order.${name}`)));
  const order = h("select", { onchange: () => choose({ order: order.value }) }, ...orders);
  return h("div", { class: "row toolbar" }, search, h("label", { class: "row push" }, t("table.order"), order));
}
