/** The top of a live sitting: what it is, its clock, and how true the page is. */

import { h, setAttribute, setText } from "../lib/dom.js";
import { setPageName } from "../lib/page_title.js";
import { statusWords } from "../lib/session_words.js";
import { setShape, shape } from "../lib/shapes.js";
import { clock, dayAndTime, timeOfDay } from "../lib/time.js";
import { language, t } from "../words/index.js";
import { endsAt, timeLeft } from "./deadlines.js";

export class Heading {
  constructor() {
    this.number = new Intl.NumberFormat(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.title = h("h1", {}, t("app.loading"));
    this.about = h("p", { class: "soft" });
    this.shape = shape("scheduled");
    this.words = h("span", {});
    this.status = h("span", { class: "status" }, this.shape, this.words);
    this.clock = h("span", { class: "numbers clock" });
    this.ends = h("span", { class: "soft numbers" });
    this.chipShape = shape("saving");
    this.chipWords = h("span", {});
    this.chip = h("span", { class: "chip numbers" }, this.chipShape, this.chipWords);
    this.element = h(
      "div",
      { class: "heading" },
      h("div", { class: "what" }, this.title, this.about),
      h("div", { class: "when" }, this.status, this.clock, this.ends),
      this.chip,
    );
  }

  /** @param {import("./parts.js").Look} look */
  update({ state: { session }, names: { className, testTitle }, now }) {
    setText(this.title, session.title);
    const about = [className && t("live.class", { name: className }), testTitle];
    setText(this.about, about.filter(Boolean).join(" · "));
    const { status, shape: form, words } = statusWords(session);
    setAttribute(this.status, "data-status", status);
    setShape(this.shape, form);
    setText(this.words, words);
    const left = timeLeft(session, null, now);
    setText(this.clock, left === null ? "" : left <= 0 ? t("live.over_time") : t("live.left", { time: clock(left) }));
    setText(this.ends, endWords(session, status, now));
    setPageName(`${session.title} · ${t("app.name")}`);
  }

  /**
   * @param {{live: boolean, ageMs: number}} truth
   * @param {number} heartbeats
   * @param {boolean} connecting nothing is known yet, and that is no reason to worry yet
   */
  updateTruth({ live, ageMs }, heartbeats, connecting) {
    setAttribute(this.chip, "data-live", live ? "yes" : connecting ? "soon" : "no");
    const told = t("live.chip", { count: heartbeats, age: this.number.format(ageMs / 1000) });
    setShape(this.chipShape, live ? "online" : connecting ? "saving" : "disconnected");
    setText(this.chipWords, live ? told : t(connecting ? "live.connecting" : "live.chip.lost"));
  }
}

/**
 * @param {any} session
 * @param {string} status
 * @param {number} now
 */
function endWords(session, status, now) {
  const day = (/** @type {string} */ at) => dayAndTime(at, now, language());
  if (status === "PAUSED") return t("live.paused");
  if (status === "IN_PROGRESS") {
    const ends = endsAt(session, now);
    return ends === null ? t("live.no_end") : t("live.ends", { time: timeOfDay(ends, { seconds: false }) });
  }
  if (session.completed_at) return t("live.ended", { time: day(session.completed_at) });
  return session.scheduled_at ? t("live.planned", { time: day(session.scheduled_at) }) : "";
}
