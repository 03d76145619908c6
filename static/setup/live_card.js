/** A sitting that is open or running, in the list: its clock and its counters, kept up to date. */

import { timeLeft } from "../dashboard/deadlines.js";
import { arrange, h, setAttribute, setText, show } from "../lib/dom.js";
import { statusWords } from "../lib/session_words.js";
import { setShape, shape } from "../lib/shapes.js";
import { clock } from "../lib/time.js";
import { t } from "../words/index.js";
import { sittingCounts } from "./sitting_counts.js";
import { sittingLinks } from "./sitting_links.js";

export class LiveCard {
  /**
   * @param {any} session
   * @param {string} about class and test
   * @param {boolean} own whether it is this person's own, not only theirs to watch
   */
  constructor(session, about, own) {
    this.session = session;
    this.shape = shape("waiting");
    this.words = h("span", {});
    this.status = h("span", { class: "status" }, this.shape, this.words);
    this.clock = h("span", { class: "numbers" });
    this.about = h("p", { class: "soft small" }, about);
    this.link = h("a", { href: `/sittings/${session.id}` }, session.title);
    this.counts = h("ul", { class: "mini-counters" });
    this.stale = h("p", { class: "soft small" }, t("setup.live.stale"));
    /** @type {Map<string, {element: HTMLElement, number: HTMLElement}>} */
    this.counters = new Map();
    this.element = h(
      "li",
      { class: "card live-card", "data-session": session.id },
      h("div", { class: "row" }, h("h3", {}, this.link), h("span", { class: "push" }), this.status, this.clock),
      this.about,
      this.counts,
      this.stale,
      sittingLinks(session, { own }),
    );
  }

  /**
   * @param {import("./sittings_watch.js").SittingsWatch} watch
   */
  update(watch) {
    const state = watch.state(this.session.id);
    const session = state?.session ?? this.session;
    const now = watch.clock.now();
    const { status, shape: form, words } = statusWords(session);
    setAttribute(this.status, "data-status", status);
    setShape(this.shape, form);
    setText(this.words, words);
    setText(this.link, session.title);
    const left = timeLeft(session, null, now);
    setText(this.clock, left === null ? "" : left <= 0 ? t("live.over_time") : t("live.left", { time: clock(left) }));
    const live = watch.live(this.session.id);
    setAttribute(this.element, "data-live", live ? "yes" : "no");
    show(this.stale, !live);
    if (state) this.count(sittingCounts(state, now, watch.heartbeatSeconds));
  }

  /** @param {ReturnType<typeof sittingCounts>} counted */
  count({ enrolled, here, shown }) {
    const all = [["here", here], ...shown];
    const elements = all.map(([name, number]) => {
      const counter = this.counter(String(name));
      const text = name === "here" ? t("setup.live.here", { count: here, total: enrolled }) : String(number);
      setText(counter.number, text);
      return counter.element;
    });
    arrange(this.counts, elements);
  }

  /** @param {string} name */
  counter(name) {
    let counter = this.counters.get(name);
    if (!counter) {
      const number = h("span", { class: "numbers" });
      const element =
        name === "here"
          ? h("li", {}, number)
          : h("li", { "data-status": name }, shape(name), number, " ", t(`counter.${name}`));
      counter = { element, number };
      this.counters.set(name, counter);
    }
    return counter;
  }
}
