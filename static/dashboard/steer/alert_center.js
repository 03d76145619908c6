/**
 * Tells the teacher what happens while they look elsewhere: in the corner, to who hears the page, in
 * the tab's title, and, where it is wanted, by a sound and by the desktop.
 */

import { setWaiting } from "../../lib/page_title.js";
import { t } from "../../words/index.js";
import { keepSettings, readSettings } from "./alert_settings.js";
import { byKind, dismiss, KINDS, waiting, watch } from "./alerts.js";
import { allowSound, beep } from "./beep.js";
import { nameList } from "./names.js";
import { Toasts } from "./toasts.js";

const NAMES_SHOWN = 3;

export class AlertCenter {
  /**
   * @param {import("../parts.js").Page} page
   * @param {() => void} openHands where hands are answered
   */
  constructor(page, openHands) {
    this.page = page;
    this.openHands = openHands;
    this.settings = readSettings();
    /** @type {import("./alerts.js").Memory | null} */
    this.memory = null;
    this.toasts = new Toasts((keys) => this.dismiss(({ key }) => keys.includes(key)));
    this.element = this.toasts.element;
    if (this.settings.sound) for (const type of ["pointerdown", "keydown"]) addEventListener(type, allowSound, { once: true });
  }

  /** @returns {ReadonlySet<string>} the kinds that are switched on */
  get kinds() {
    return new Set(KINDS.filter((kind) => this.settings.kinds[kind]));
  }

  get waiting() {
    return waiting(this.memory, this.kinds);
  }

  /** @param {import("../parts.js").Look} look */
  update(look) {
    if (!look.live) return; // what is not true may not alarm
    const { memory, fresh } = watch(this.memory, look, this.settings.seconds);
    const changed = memory.log !== this.memory?.log;
    this.memory = memory;
    if (!changed) return;
    this.toasts.keep(new Set(memory.log.filter(({ over, dismissed }) => !over && !dismissed).map(({ key }) => key)));
    this.tell(fresh.filter(({ kind }) => this.settings.kinds[kind]));
    setWaiting(this.waiting);
  }

  /** @param {import("./alerts.js").Alert[]} alerts */
  tell(alerts) {
    if (alerts.length === 0) return;
    const sentences = [...byKind(alerts)].map(([kind, some]) => {
      const words = alertWords(kind, some.map(({ name }) => name));
      const asked = some.length === 1 && some[0].text ? ` “${some[0].text}”` : "";
      this.toasts.add(some, words + asked, this.actOf(kind, some));
      return words;
    });
    this.page.say(sentences.join(" "));
    if (this.settings.sound) beep();
    if (this.settings.desktop && !document.hasFocus()) notify(sentences.join("\n"));
  }

  /**
   * @param {import("./alerts.js").Kind} kind
   * @param {import("./alerts.js").Alert[]} alerts
   * @returns {[string, () => void]}
   */
  actOf(kind, alerts) {
    if (kind === "hand") return [t("steer.alerts.hands"), this.openHands];
    const show = () => (alerts.length === 1 ? this.page.openStudent(alerts[0].id) : this.page.choose({ filter: kind === "disconnected" ? kind : null }));
    return [t("steer.alerts.show"), show];
  }

  /** @param {(entry: import("./alerts.js").Entry) => boolean} which */
  dismiss(which) {
    if (!this.memory) return;
    this.memory = dismiss(this.memory, which);
    setWaiting(this.waiting);
  }

  /** @param {Partial<import("./alert_settings.js").Settings>} part */
  set(part) {
    this.settings = { ...this.settings, ...part };
    keepSettings(this.settings);
    setWaiting(this.waiting);
  }
}

/**
 * @param {import("./alerts.js").Kind} kind
 * @param {string[]} names
 */
export function alertWords(kind, names) {
  return t(`steer.alert.${kind}`, { count: names.length, names: nameList(names, NAMES_SHOWN) });
}

/** @param {string} body */
function notify(body) {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const notification = new Notification(document.title, { body, tag: "monitor" });
  notification.addEventListener("click", () => window.focus());
}
