/** Tells in words, to eyes and ears, what a running clock does not: 10, 5 and 1 minutes left. */

import { h, setText, show } from "../lib/dom.js";
import { announced, clock } from "../lib/time.js";
import { t } from "../words/index.js";

const SHOWN_MS = 12_000;
/** A jump of the deadline by more than so is someone's doing, not the clock's. */
const CHANGE_MS = 5_000;

export class Announcer {
  constructor() {
    this.heard = h("p", { class: "only-heard", role: "status", "aria-live": "assertive" });
    this.toast = h("p", { class: "toast", "aria-hidden": "true", hidden: true });
    this.element = h("div", {}, this.heard, this.toast);
    /** @type {number | null} */
    this.left = null;
    /** @type {number | null} */
    this.closesAt = null;
    this.timer = null;
  }

  /**
   * @param {number | null} leftMs
   * @param {number | null} closesAt
   */
  update(leftMs, closesAt) {
    if (leftMs !== null) {
      const minutes = announced(this.left, leftMs);
      if (this.closesAt !== null && closesAt !== null && Math.abs(closesAt - this.closesAt) > CHANGE_MS) {
        this.say(t("time.more", { time: clock(leftMs) }));
      } else if (minutes !== null) {
        this.say(minutes === 0 ? t("student.time_up") : t("time.announce", { count: minutes }));
      }
    }
    this.left = leftMs;
    this.closesAt = closesAt;
  }

  hush() {
    clearTimeout(this.timer);
    show(this.toast, false);
    setText(this.heard, "");
  }

  /** @param {string} words */
  say(words) {
    setText(this.heard, words);
    setText(this.toast, words);
    show(this.toast, true);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.hush(), SHOWN_MS);
  }
}
