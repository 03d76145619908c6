/**
 * The slider over the sitting's time: what the lanes showed at a moment, played at a speed chosen,
 * and beside it how many were what. At its end the page is at the present again.
 */

import { h, setAttribute, setText } from "../../lib/dom.js";
import { shape } from "../../lib/shapes.js";
import { timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";

const SPEEDS = [10, 30, 60, 120, 300];
const FIRST_SPEED = 60;
const FRAME_MS = 100;
/** Whoever wants less motion sees a step a second. */
const CALM_MS = 1_000;
const STEP_MS = 1_000;
const COUNTED = ["online", "unstable", "disconnected", "waiting", "submitted", "absent", "hand", "away"];

export class Replay {
  /** @param {() => void} moved called when the moment shown has become another */
  constructor(moved) {
    this.moved = moved;
    /** @type {number | null} null: the present, or the end */
    this.t = null;
    this.range = { from: 0, to: 0 };
    this.timer = 0;
    this.slider = h("input", { type: "range", "aria-label": t("lanes.replay.slider"), oninput: () => this.seek(Number(this.slider.value)) });
    this.slider.step = String(STEP_MS);
    this.play = h("button", { type: "button", class: "lanes-play", onclick: () => this.toggle() }, t("lanes.replay.play"));
    this.speed = h("select", { "aria-label": t("lanes.replay.speed") }, ...SPEEDS.map((n) => h("option", { value: n }, t("lanes.replay.times", { count: n }))));
    this.speed.value = String(FIRST_SPEED);
    this.present = h("button", { type: "button", onclick: () => this.end() }, t("lanes.replay.present"));
    this.time = h("strong", { class: "numbers" });
    this.numbers = new Map(COUNTED.map((name) => [name, h("dd", { class: "numbers" })]));
    const counts = COUNTED.map((name) =>
      h("div", { "data-status": name }, h("dt", {}, shape(name), t(name === "away" ? "flag.away" : `counter.${name}`)), this.numbers.get(name)),
    );
    this.element = h(
      "div",
      { class: "lanes-replay", role: "group", "aria-label": t("lanes.replay") },
      h("div", { class: "lanes-player" }, this.play, this.slider, this.speed, this.present),
      h("div", { class: "lanes-then" }, this.time, h("dl", { class: "lanes-counts" }, ...counts)),
    );
  }

  get playing() {
    return this.timer !== 0;
  }

  /**
   * @param {{from: number, to: number}} range
   * @param {boolean} over whether the end is the sitting's, not the present
   */
  update(range, over) {
    this.range = range;
    const at = this.t ?? range.to;
    this.slider.min = String(Math.floor(range.from / STEP_MS) * STEP_MS);
    this.slider.max = String(Math.ceil(range.to / STEP_MS) * STEP_MS);
    if (document.activeElement !== this.slider || this.playing || this.t === null) this.slider.value = String(at);
    setAttribute(this.slider, "aria-valuetext", timeOfDay(at));
    setText(this.play, t(this.playing ? "lanes.replay.pause" : "lanes.replay.play"));
    setText(this.present, t(over ? "lanes.replay.end" : "lanes.replay.present"));
    this.present.disabled = this.t === null;
  }

  /**
   * @param {Record<string, number>} counts at the moment shown
   */
  tell(counts) {
    setText(this.time, t("lanes.replay.at", { time: timeOfDay(this.t ?? this.range.to) }));
    for (const [name, number] of this.numbers) {
      setText(number, String(counts[name] ?? 0));
      setAttribute(number.parentElement, "data-none", counts[name] ? null : "");
    }
  }

  /** @param {number} at the slider's end is the present */
  seek(at) {
    this.t = at >= this.range.to - STEP_MS / 2 ? null : Math.max(at, this.range.from);
    this.moved();
  }

  toggle() {
    if (this.playing) return this.stop();
    if (this.t === null) this.t = this.range.from;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let before = performance.now();
    this.timer = setInterval(
      () => {
        const now = performance.now();
        this.go((now - before) * Number(this.speed.value));
        before = now;
      },
      calm ? CALM_MS : FRAME_MS,
    );
    return this.moved();
  }

  /** @param {number} ms of the sitting */
  go(ms) {
    const at = (this.t ?? this.range.to) + ms;
    if (at >= this.range.to) this.end();
    else this.seek(at);
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.moved();
  }

  /** To the present. */
  end() {
    this.t = null;
    this.stop();
  }
}
