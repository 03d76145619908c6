/** Choosing some people of many: boxes to tick, narrowed by a search when there are many. */

import { h, setText, show } from "../lib/dom.js";
import { current } from "../lib/login.js";
import { t } from "../words/index.js";

const FEW = 8; // so many are seen at a glance

/**
 * @param {string} label
 * @param {any[]} people
 * @param {string[]} chosen ids
 * @returns {{element: HTMLElement, chosen: () => string[], fail: (message: string) => void}}
 */
export function pickPeople(label, people, chosen) {
  const me = current("staff")?.user.id;
  const others = people.filter(({ id }) => id !== me || chosen.includes(id));
  const boxes = others.map((person) => {
    const box = h("input", { type: "checkbox", value: person.id, checked: chosen.includes(person.id) });
    const text = [person.name, person.email].filter(Boolean).join(" · ");
    return { id: person.id, box, text, element: h("label", { class: "row pick" }, box, h("span", {}, text)) };
  });
  const summary = h("summary", {});
  const error = h("p", { class: "error small", role: "alert" });
  const search = h("input", { type: "search", "aria-label": t("setup.people.search"), placeholder: t("setup.people.search") });
  const picked = () => boxes.filter(({ box }) => box.checked).map(({ id }) => id);
  const count = () => setText(summary, `${label}: ${picked().length}`);
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLocaleLowerCase();
    for (const { element, text, box } of boxes) show(element, box.checked || text.toLocaleLowerCase().includes(wanted));
  });
  const list = h("div", { class: "picks", role: "group", "aria-label": label, onchange: count }, ...boxes.map(({ element }) => element));
  count();
  const none = boxes.length === 0 ? h("p", { class: "soft" }, t("setup.people.none")) : null;
  const inside = h("div", { class: "stack" }, boxes.length > FEW ? search : null, list, none, error);
  return {
    element: h("details", { class: "people" }, summary, inside),
    chosen: picked,
    fail: (message) => setText(error, message),
  };
}
