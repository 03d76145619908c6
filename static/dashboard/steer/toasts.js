/**
 * Alerts in the corner: they never take the focus, wait while somebody points at them, and go when
 * the matter is over. What went by unseen is still on the list of alerts.
 */

import { h } from "../../lib/dom.js";
import { shape } from "../../lib/shapes.js";
import { t } from "../../words/index.js";

const SHOWN_MS = 12_000;
const MOST = 4;

export class Toasts {
  /** @param {(keys: string[]) => void} dismissed somebody has seen these alerts */
  constructor(dismissed) {
    this.dismissed = dismissed;
    /** @type {Set<{keys: string[], element: HTMLElement, gone: () => void}>} */
    this.shown = new Set();
    this.element = h("div", { class: "alert-toasts", role: "group", "aria-label": t("steer.panel.alerts") });
  }

  /**
   * @param {import("./alerts.js").Alert[]} alerts of one kind
   * @param {string} words
   * @param {[string, () => void] | null} act
   */
  add(alerts, words, act) {
    const keys = alerts.map(({ key }) => key);
    const seen = () => {
      toast.gone();
      this.dismissed(keys);
    };
    const button = act && h("button", { type: "button", class: "small-button", onclick: () => (seen(), act[1]()) }, act[0]);
    const close = h("button", { type: "button", class: "bare close", "aria-label": t("steer.close"), onclick: seen }, "×");
    const element = h("div", { class: "alert-toast", "data-kind": alerts[0].kind }, shape(alerts[0].kind), h("p", {}, words), button, close);
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => toast.gone(), SHOWN_MS);
    };
    const hold = () => clearTimeout(timer);
    const toast = {
      keys,
      element,
      gone: () => {
        clearTimeout(timer);
        element.remove();
        this.shown.delete(toast);
      },
    };
    for (const type of ["pointerenter", "focusin"]) element.addEventListener(type, hold);
    for (const type of ["pointerleave", "focusout"]) element.addEventListener(type, wait);
    this.shown.add(toast);
    this.element.append(element);
    wait();
    while (this.shown.size > MOST) [...this.shown][0].gone();
  }

  /** @param {ReadonlySet<string>} holding keys of what is not over yet */
  keep(holding) {
    for (const toast of [...this.shown]) if (!toast.keys.some((key) => holding.has(key))) toast.gone();
  }
}
