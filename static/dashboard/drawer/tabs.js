/** Several views of which one is seen; arrow keys go from one to the next. */

import { h, setAttribute, setText, show } from "../../lib/dom.js";

let made = 0;

export class Tabs {
  /**
   * @param {string} label
   * @param {{name: string, words: string, element: HTMLElement}[]} views
   * @param {(name: string) => void} chosen
   */
  constructor(label, views, chosen) {
    made += 1;
    this.chosen = chosen;
    this.names = views.map(({ name }) => name);
    this.tabs = new Map();
    this.panels = new Map();
    for (const { name, words, element } of views) {
      const id = `tabs-${made}-${name}`;
      const count = h("span", { class: "numbers" });
      const tab = h("button", { type: "button", role: "tab", id, "aria-controls": `${id}-panel`, onclick: () => this.choose(name) }, words, count);
      this.tabs.set(name, { tab, count });
      this.panels.set(name, h("div", { role: "tabpanel", id: `${id}-panel`, "aria-labelledby": id, tabindex: "0", class: "tab-panel" }, element));
    }
    const list = h("div", { role: "tablist", class: "tabs", "aria-label": label, onkeydown: (/** @type {KeyboardEvent} */ event) => this.pressed(event) });
    list.append(...[...this.tabs.values()].map(({ tab }) => tab));
    this.element = h("div", { class: "stack tabbed" }, list, ...this.panels.values());
    this.current = "";
  }

  /** @param {string} name */
  choose(name) {
    this.current = name;
    for (const one of this.names) {
      const { tab } = this.tabs.get(one);
      setAttribute(tab, "aria-selected", String(one === name));
      setAttribute(tab, "tabindex", one === name ? null : "-1");
      show(this.panels.get(one), one === name);
    }
    this.chosen(name);
  }

  /**
   * @param {string} name
   * @param {string} words beside its name
   */
  count(name, words) {
    setText(this.tabs.get(name).count, words);
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const { names } = this;
    const next = names[(names.indexOf(this.current) + step + names.length) % names.length];
    this.choose(next);
    this.tabs.get(next).tab.focus();
  }
}
