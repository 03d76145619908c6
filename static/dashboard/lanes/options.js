/**
 * The lanes as a list that is heard and reached by the keyboard: each line says a name and the lane
 * in sum. Only those in sight are on the page.
 */

import { h, setAttribute, setText } from "../../lib/dom.js";
import { setShape, shape } from "../../lib/shapes.js";
import { LANE } from "./painter.js";

/** @typedef {{id: string, name: string, shape: string, sum: string}} Line */

let lists = 0;

class Option {
  /**
   * @param {string} domId
   * @param {string} laneId
   */
  constructor(domId, laneId) {
    this.shape = shape("absent");
    this.name = h("span", { class: "name" });
    this.sum = h("span", { class: "only-heard" });
    this.element = h("div", { role: "option", id: domId, class: "lane", "data-lane": laneId }, this.shape, this.name, this.sum);
  }

  /**
   * @param {Line} line
   * @param {number} index
   * @param {number} count
   * @param {boolean} chosen
   */
  update(line, index, count, chosen) {
    setShape(this.shape, line.shape);
    setText(this.name, line.name);
    setText(this.sum, `: ${line.sum}`);
    setAttribute(this.name, "title", line.name);
    setAttribute(this.element, "aria-posinset", String(index + 1));
    setAttribute(this.element, "aria-setsize", String(count));
    setAttribute(this.element, "aria-selected", String(chosen));
    const top = `${index * LANE}px`;
    if (this.element.style.top !== top) this.element.style.top = top;
  }
}

export class Options {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    lists += 1;
    this.prefix = `lanes-${lists}`;
    /** @type {Map<string, Option>} */
    this.made = new Map();
  }

  /**
   * @param {string[]} ids of all lanes, in order
   * @param {number} first in sight
   * @param {number} last the one behind
   * @param {string | null} chosen
   * @param {(id: string) => Line} lineOf
   */
  update(ids, first, last, chosen, lineOf) {
    const shown = new Map(ids.slice(first, last).map((id, index) => [id, first + index]));
    if (chosen !== null && !shown.has(chosen)) {
      const index = ids.indexOf(chosen);
      if (index >= 0) shown.set(chosen, index);
    }
    for (const [id, option] of this.made) {
      if (shown.has(id)) continue;
      option.element.remove();
      this.made.delete(id);
    }
    for (const [id, index] of shown) {
      let option = this.made.get(id);
      if (!option) {
        option = new Option(`${this.prefix}-${id || "all"}`, id);
        this.made.set(id, option);
        this.list.append(option.element);
      }
      option.update(lineOf(id), index, ids.length, id === chosen);
    }
    setAttribute(this.list, "aria-activedescendant", chosen === null ? null : (this.made.get(chosen)?.element.id ?? null));
  }
}
