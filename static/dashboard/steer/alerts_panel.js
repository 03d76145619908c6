/** The alerts there were, also those that went by unseen, and how one wants to be alerted. */

import { arrange, h, setAttribute, setText, show } from "../../lib/dom.js";
import { shape } from "../../lib/shapes.js";
import { timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { alertWords } from "./alert_center.js";
import { secondsOf, SECONDS_MOST } from "./alert_settings.js";
import { KINDS } from "./alerts.js";
import { allowSound, beep } from "./beep.js";

export class AlertsPanel {
  /** @param {import("./alert_center.js").AlertCenter} center */
  constructor(center) {
    this.center = center;
    /** @type {Map<string, HTMLElement>} */
    this.items = new Map();
    this.none = h("p", { class: "soft" }, t("steer.alerts.none"));
    this.list = h("ul", { class: "plain alert-log" });
    this.seen = h("button", { type: "button", onclick: () => this.allSeen() }, t("steer.alerts.seen"));
    const log = h("div", { class: "stack tight" }, this.none, this.list, h("div", { class: "row" }, this.seen));
    this.element = h("section", { class: "card panel alerts-panel", "aria-label": t("steer.panel.alerts") }, log, this.settings());
  }

  count() {
    return this.center.waiting;
  }

  /**
   * @param {import("../parts.js").Look} _look
   * @param {boolean} open
   */
  update(_look, open) {
    if (!open) return;
    const { kinds, memory } = this.center;
    const entries = (memory?.log ?? []).filter(({ kind }) => kinds.has(kind));
    show(this.none, entries.length === 0);
    show(this.seen, this.count() > 0);
    const keys = new Set(entries.map(({ key }) => key));
    for (const key of this.items.keys()) if (!keys.has(key)) this.items.delete(key);
    arrange(this.list, entries.map((entry) => this.item(entry)));
  }

  /** @param {import("./alerts.js").Entry} entry */
  item(entry) {
    const { key, kind, id, name, text, at, over, dismissed } = entry;
    let item = this.items.get(key);
    if (!item) {
      const words = h("button", { type: "button", class: "bare", onclick: () => this.center.page.openStudent(id) }, alertWords(kind, [name]));
      item = h("li", { class: "row" }, h("time", { class: "soft numbers" }, timeOfDay(at)), shape(kind), words, text ? h("span", {}, `“${text}”`) : null, h("span", { class: "soft small state" }));
      this.items.set(key, item);
    }
    setAttribute(item, "data-waiting", over || dismissed ? null : "");
    setText(item.querySelector(".state"), over ? t("steer.alerts.over") : "");
    return item;
  }

  allSeen() {
    this.center.dismiss(() => true);
    this.center.toasts.keep(new Set());
  }

  settings() {
    const { center } = this;
    const box = (/** @type {boolean} */ checked, /** @type {string} */ words, /** @type {(box: any) => void} */ change) => {
      const input = h("input", { type: "checkbox", checked, onchange: () => change(input) });
      return h("label", { class: "row" }, input, words);
    };
    const kinds = KINDS.map((kind) =>
      box(center.settings.kinds[kind], t(`steer.alerts.kind.${kind}`), ({ checked }) => center.set({ kinds: { ...center.settings.kinds, [kind]: checked } })),
    );
    const seconds = h("input", { type: "number", min: 0, max: SECONDS_MOST, step: 1, value: String(center.settings.seconds), onchange: () => take() });
    const take = () => {
      const wanted = secondsOf(seconds.value);
      if (wanted !== null) center.set({ seconds: wanted });
      else seconds.value = String(center.settings.seconds);
    };
    const sound = box(center.settings.sound, t("steer.alerts.sound"), ({ checked }) => {
      center.set({ sound: checked });
      if (checked) allowSound();
      if (checked) setTimeout(beep, 100); // so that one knows what it sounds like
    });
    const refused = h("span", { class: "error small", role: "alert" });
    const desktop = box(center.settings.desktop, t("steer.alerts.desktop"), async (input) => {
      const allowed = !input.checked || ("Notification" in window && (await Notification.requestPermission()) === "granted");
      setText(refused, allowed ? "" : t("steer.alerts.desktop.refused"));
      input.checked &&= allowed;
      center.set({ desktop: input.checked });
    });
    return h(
      "fieldset",
      { class: "stack tight alert-settings" },
      h("legend", { class: "small soft" }, t("steer.alerts.settings")),
      ...kinds,
      h("label", { class: "row own" }, t("steer.alerts.seconds"), seconds, t("steer.alerts.seconds.unit")),
      sound,
      desktop,
      refused,
    );
  }
}
