/** The whole live page below the bar: what the feed knows, drawn at most once a frame. */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { sittingLinks } from "../setup/sitting_links.js";
import { t } from "../words/index.js";
import { Actions } from "./actions.js";
import { Banner } from "./banner.js";
import { Counters } from "./counters.js";
import { Enter } from "./enter.js";
import { Heading } from "./heading.js";
import { incidents } from "./incidents.js";
import { everyone, rowOf } from "./row.js";
import { chosen, counts } from "./sorting.js";
import { StudentTable } from "./table.js";
import { toolbar } from "./toolbar.js";
import { STALE_MS, truth } from "./truth.js";

const TICK_MS = 500;
const DRAW_MS = 100;
const NAMED = 3;

export class LiveView {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {import("./feed.js").Feed} feed
   */
  constructor(api, feed) {
    this.feed = feed;
    this.known = { className: null, testTitle: null, questionIds: /** @type {string[]} */ ([]) };
    this.choice = { order: "problems", filter: /** @type {string | null} */ (null), search: "" };
    /** @type {number | null} */
    this.knownAt = null; // server time at which the page was last live
    this.startedAt = Date.now();
    /** @type {Map<string, import("./row.js").Row> | null} */
    this.before = null;
    /** @type {import("./row.js").Row[]} */
    this.rows = [];
    this.drawnAt = 0;
    this.timer = null;
    this.heading = new Heading();
    this.banner = new Banner();
    this.actions = new Actions(api, feed.sessionId, () => this.rows.filter(({ status }) => status !== "submitted" && status !== "absent").length);
    this.counters = new Counters((filter) => this.choose({ filter: filter === this.choice.filter ? null : filter }));
    this.table = new StudentTable((studentId) => this.actions.lowerHand(studentId));
    this.enter = new Enter(api, feed.sessionId);
    this.links = h("div", {});
    /** @type {string | null} */
    this.linkedStatus = null; // of the sitting that the links were made for
    this.heard = h("p", { class: "only-heard", role: "status" });
    this.body = h("div", { class: "stack", hidden: true });
    this.body.append(this.actions.element, this.links, this.enter.element, this.counters.element, toolbar((part) => this.choose(part)), this.table.element);
    this.element = h("div", { class: "stack live-view" }, this.banner.element, this.heading.element, this.body, this.heard);
  }

  start() {
    this.ticker = setInterval(() => this.draw(), TICK_MS);
    this.draw();
  }

  stop() {
    clearInterval(this.ticker);
    clearTimeout(this.timer);
  }

  /** Draw soon, however many changes come until then. */
  soon() {
    if (this.timer !== null) return;
    const wait = Math.max(0, this.drawnAt + DRAW_MS - Date.now());
    this.timer = setTimeout(() => requestAnimationFrame(() => this.draw()), wait);
  }

  /** @param {{className: string | null, testTitle: string | null, questionIds: string[]}} known */
  names(known) {
    this.known = known;
    this.draw();
  }

  /** @param {Partial<LiveView["choice"]>} part */
  choose(part) {
    this.choice = { ...this.choice, ...part };
    this.draw();
  }

  draw() {
    clearTimeout(this.timer);
    this.timer = null;
    this.drawnAt = Date.now();
    const { feed } = this;
    const told = truth(feed.signs, this.drawnAt);
    const live = told.live && feed.state !== null && feed.link.status.phase === "open";
    if (live) this.knownAt = feed.clock.now() - told.ageMs;
    const connecting = !live && this.knownAt === null && this.drawnAt - this.startedAt < STALE_MS;
    this.heading.updateTruth({ ...told, live }, feed.signs.heartbeats, connecting);
    this.banner.update(live || connecting, this.knownAt, feed.link.status, this.drawnAt);
    this.sayTruth(live || connecting);
    if (feed.state) this.drawState(feed.state, live || this.knownAt === null ? feed.clock.now() : this.knownAt, live);
  }

  /**
   * @param {import("./state.js").State} state
   * @param {number} now server time; stands still while the page is not live
   * @param {boolean} live
   */
  drawState(state, now, live) {
    show(this.body, true);
    const { heartbeatSeconds } = this.feed;
    this.rows = everyone(state).map((id) => rowOf(state, id, now, heartbeatSeconds));
    this.heading.update(state.session, this.known, now);
    this.actions.update(state.session);
    if (this.linkedStatus !== state.session.status) {
      this.linkedStatus = state.session.status;
      this.links.replaceChildren(sittingLinks(state.session));
    }
    this.counters.update(counts(this.rows), this.choice.filter);
    this.table.update(chosen(this.rows, this.choice), (id) => this.questionName(id), this.rows.length === 0);
    const open = ["SCHEDULED", "WAITING_FOR_STUDENTS"].includes(state.session.status);
    show(this.enter.element, open || state.session.status === "IN_PROGRESS");
    this.enter.suggest(open && state.participants.size === 0);
    if (live) this.sayIncidents();
  }

  /** @param {string} id */
  questionName(id) {
    const at = this.known.questionIds.indexOf(id);
    return at < 0 ? id : t("table.question.short", { number: at + 1 });
  }

  /** @param {boolean} well */
  sayTruth(well) {
    const was = this.element.hasAttribute("data-stale");
    setAttribute(this.element, "data-stale", well ? null : "");
    if (was === !well) return;
    setText(this.heard, well ? t("live.back_live") : this.banner.since);
  }

  sayIncidents() {
    const found = incidents(this.before, this.rows);
    this.before = new Map(this.rows.map((row) => [row.id, row]));
    if (found.length === 0) return;
    const words = found.map(({ kind, names }) => {
      const shown = names.slice(0, NAMED).join(", ");
      return t(`incident.${kind}`, { count: names.length, names: names.length > NAMED ? `${shown} …` : shown });
    });
    setText(this.heard, words.join(" "));
  }
}
