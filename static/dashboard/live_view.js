/** The whole live page below the bar: what the feed knows, drawn at most once a frame. */

import { h, setAttribute, show } from "../lib/dom.js";
import { sittingLinks } from "../setup/sitting_links.js";
import { t } from "../words/index.js";
import { Address } from "./address.js";
import { Banner } from "./banner.js";
import { Counters } from "./counters.js";
import { Enter } from "./enter.js";
import { Heading } from "./heading.js";
import { partsOf } from "./parts.js";
import { Roll } from "./roll.js";
import { NOBODY, without } from "./selection.js";
import { Toolbar } from "./toolbar.js";
import { STALE_MS, truth } from "./truth.js";

const TICK_MS = 500;
const DRAW_MS = 100;

/**
 * @typedef {import("./parts.js").Look} Look
 * @typedef {import("./choice.js").Choice} Choice
 */

export class LiveView {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {import("./feed.js").Feed} feed
   * @param {import("../lib/login.js").User} me
   */
  constructor(api, feed, me) {
    this.feed = feed;
    this.me = me;
    /** @type {import("./parts.js").Names} */
    this.names = { className: null, testTitle: null, test: null, numbers: new Map() };
    this.ownsClass = false;
    this.selection = NOBODY;
    this.roll = new Roll();
    /** @type {number | null} */
    this.knownAt = null; // server time at which the page was last live
    this.startedAt = Date.now();
    this.drawnAt = 0;
    this.timer = null;
    /** @type {import("./parts.js").Page} */
    this.page = {
      api,
      feed,
      sessionId: feed.sessionId,
      steer: null,
      openStudent: (student) => this.choose({ student }),
      say: (text) => this.say(text),
      choose: (part) => this.choose(part),
      select: (ids) => this.select(ids),
    };
    this.parts = partsOf(this.page);
    const views = Object.keys(this.parts.views);
    this.address = new Address(views, (choice) => this.become(choice));
    this.choice = this.address.first();
    this.compose(views);
  }

  /** @param {string[]} views */
  compose(views) {
    const { page, parts } = this;
    this.heading = new Heading();
    this.banner = new Banner();
    this.enter = new Enter(page);
    this.links = h("div", {});
    /** @type {string | null} */
    this.linked = null; // what the links were made for
    this.heard = h("p", { class: "only-heard", role: "status" });
    const counters = new Counters(page);
    const toolbar = new Toolbar(page, views);
    this.always = [...parts.steering, this.enter, counters, toolbar, ...parts.after];
    this.body = h(
      "div",
      { class: "stack", hidden: true },
      ...parts.steering.map(({ element }) => element),
      h("div", { class: "ways" }, this.enter.element, this.links),
      counters.element,
      toolbar.element,
      h("div", { class: "place" }, ...Object.values(parts.views).map(({ element }) => element)),
      ...parts.after.map(({ element }) => element),
    );
    this.element = h("div", { class: "stack live-view" }, this.banner.element, this.heading.element, this.body, this.heard);
    if (parts.drawer) this.element.append(parts.drawer.element);
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

  /**
   * @param {import("./parts.js").Names} names
   * @param {boolean} ownsClass
   */
  know(names, ownsClass) {
    this.names = names;
    this.ownsClass = ownsClass;
    this.draw();
  }

  /** @param {Partial<Choice>} part */
  choose(part) {
    const before = this.choice;
    const choice = { ...before, ...part };
    this.address.write(before, choice);
    this.become(choice);
  }

  /** @param {Choice} choice */
  become(choice) {
    const { student } = this.choice;
    this.choice = choice;
    this.draw();
    if (student !== choice.student) this.followStudent();
  }

  followStudent() {
    const { drawer } = this.parts;
    const { student } = this.choice;
    if (student !== null && this.roll.byId.has(student)) drawer?.open(student);
    else drawer?.close();
  }

  /** @param {Iterable<string>} ids */
  select(ids) {
    this.selection = new Set(ids);
    this.draw();
  }

  /** @param {string} text heard again even if it is the same */
  say(text) {
    this.heard.replaceChildren(text);
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
    if (!live && !connecting) this.knownAt ??= feed.stateAt; // never live, but this much was told
    this.heading.updateTruth({ ...told, live }, feed.signs.heartbeats, connecting);
    const silent = this.drawnAt - (feed.signs.pulseAt ?? 0) > STALE_MS;
    this.banner.update(live || connecting, this.knownAt, feed.link.status, silent, this.drawnAt);
    this.sayTruth(live || connecting);
    if (feed.state) this.drawState(feed.state, live || this.knownAt === null ? feed.clock.now() : this.knownAt, live);
  }

  /**
   * @param {import("./state.js").State} state
   * @param {number} now server time; stands still while the page is not live
   * @param {boolean} live
   */
  drawState(state, now, live) {
    const { roll, choice, names } = this;
    const first = this.body.hidden;
    const changed = roll.update(state, now, this.feed.heartbeatSeconds, choice);
    if (changed) this.keepSelection();
    const { rows, shown } = roll;
    /** @type {Look} */
    const look = { state, rows, shown, now, live, names, choice, selection: this.selection, may: this.may(state.session) };
    show(this.body, true);
    this.heading.update(look);
    this.updateLinks(look);
    for (const part of this.always) part.update(look);
    for (const [name, view] of Object.entries(this.parts.views)) {
      show(view.element, name === choice.view);
      if (name === choice.view) view.update(look);
    }
    this.parts.drawer?.update(look);
    if (first && choice.student) this.followStudent();
  }

  /** @param {any} session */
  may({ created_by, invigilator_ids, observer_ids }) {
    const { id, role } = this.me;
    const own = role === "ADMIN" || created_by === id || this.ownsClass;
    return { own, steer: own || invigilator_ids.includes(id) || !observer_ids.includes(id) };
  }

  keepSelection() {
    const { selection, gone } = without(this.selection, this.roll.byId);
    this.selection = selection;
    if (gone.length > 0) this.say(t("table.pick.gone", { count: gone.length }));
  }

  /** @param {Look} look */
  updateLinks({ state: { session }, may }) {
    const key = `${session.status} ${may.own} ${session.title}`;
    if (this.linked === key) return;
    this.linked = key;
    this.links.replaceChildren(sittingLinks(session, { own: may.own }));
  }

  /** @param {boolean} well */
  sayTruth(well) {
    const was = this.element.hasAttribute("data-stale");
    setAttribute(this.element, "data-stale", well ? null : "");
    if (was === !well) return;
    this.say(well ? t("live.back_live") : this.banner.since);
  }
}
