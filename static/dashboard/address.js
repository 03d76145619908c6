/**
 * The page's address keeps what was chosen: it can be sent to a colleague, a reload shows the same,
 * the back button takes a step back. The view alone is also remembered for the next sitting.
 */

import { fromQuery, toQuery } from "./choice.js";

/** @typedef {import("./choice.js").Choice} Choice */

const VIEW_KEY = "monitor.live.view";

export class Address {
  /**
   * @param {string[]} views that there are
   * @param {(choice: Choice) => void} moved called when the back or forward button was used
   */
  constructor(views, moved) {
    this.views = views;
    addEventListener("popstate", () => moved(fromQuery(location.search, views)));
  }

  /** @returns {Choice} what the page begins with */
  first() {
    const choice = fromQuery(location.search, this.views);
    const remembered = localStorage.getItem(VIEW_KEY);
    if (new URLSearchParams(location.search).has("view") || !this.views.includes(remembered)) return choice;
    const first = { ...choice, view: remembered };
    this.put("replaceState", first);
    return first;
  }

  /**
   * @param {Choice} before
   * @param {Choice} choice
   */
  write(before, choice) {
    if (choice.view !== before.view) localStorage.setItem(VIEW_KEY, choice.view);
    if (toQuery(choice) === toQuery(before)) return;
    // Letters of a name are no steps to go back through.
    const typing = toQuery({ ...choice, search: "" }) === toQuery({ ...before, search: "" });
    this.put(typing ? "replaceState" : "pushState", choice);
  }

  /**
   * @param {"pushState" | "replaceState"} how
   * @param {Choice} choice
   */
  put(how, choice) {
    history[how](null, "", location.pathname + toQuery(choice));
  }
}

