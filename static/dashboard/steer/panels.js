/** Hands, messages and alerts: a button each, and below them the one panel that is open. */

import { h, setAttribute, setText, show } from "../../lib/dom.js";
import { shape } from "../../lib/shapes.js";
import { t } from "../../words/index.js";

/**
 * @typedef {{element: HTMLElement, update: (look: import("../parts.js").Look, open: boolean) => void, count: () => number}} Panel
 *   `count`: the number beside the button, of what waits for the teacher
 */

export class Panels {
  /** @param {Record<string, Panel>} panels by name: `hands`, `messages`, `alerts` */
  constructor(panels) {
    this.panels = new Map(Object.entries(panels));
    /** @type {string | null} */
    this.opened = null;
    this.buttons = new Map(
      [...this.panels].map(([name, panel]) => {
        panel.element.id = `panel-${name}`;
        const number = h("span", { class: "numbers count" });
        const button = h(
          "button",
          { type: "button", class: "panel-button", "data-panel": name, "aria-controls": panel.element.id, onclick: () => this.toggle(name) },
          shape(SHAPES[name]),
          h("span", {}, t(`steer.panel.${name}`)),
          number,
        );
        return [name, { button, number }];
      }),
    );
    const buttons = [...this.buttons.values()].map(({ button }) => button);
    const elements = [...this.panels.values()].map(({ element }) => element);
    this.element = h("div", { class: "panels stack tight" }, h("div", { class: "row" }, ...buttons), ...elements);
    /** @type {import("../parts.js").Look | null} */
    this.look = null;
    this.show();
  }

  /** @param {string} name */
  toggle(name) {
    this.opened = this.opened === name ? null : name;
    this.show();
  }

  /** @param {string} name */
  open(name) {
    this.opened = name;
    this.show();
    this.panels.get(name)?.element.scrollIntoView({ block: "nearest" });
  }

  show() {
    for (const [name, panel] of this.panels) {
      show(panel.element, name === this.opened);
      setAttribute(this.buttons.get(name).button, "aria-expanded", String(name === this.opened));
    }
    if (this.look) this.update(this.look);
  }

  /** @param {import("../parts.js").Look} look */
  update(look) {
    this.look = look;
    for (const [name, panel] of this.panels) {
      panel.update(look, name === this.opened);
      const count = panel.count();
      const { button, number } = this.buttons.get(name);
      setText(number, count > 0 ? String(count) : "");
      setAttribute(button, "data-waiting", count > 0 && name !== "messages" ? "" : null);
    }
  }
}

/** Names of shapes.js. @type {Record<string, string>} */
const SHAPES = { hands: "hand", messages: "message", alerts: "alert" };
