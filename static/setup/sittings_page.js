/** `/sittings`: what is running, kept live over one connection; what comes; what was; a new one. */

import { ApiError } from "../lib/api.js";
import { onWake } from "../client/wake.js";
import { arrange, h, setAttribute, setText, show } from "../lib/dom.js";
import { current } from "../lib/login.js";
import { t } from "../words/index.js";
import { LiveCard } from "./live_card.js";
import { sittingForm } from "./sitting_form.js";
import { sittingsTable } from "./sittings_table.js";
import { SittingsWatch } from "./sittings_watch.js";
import { failure, staffPage } from "./staff_page.js";

const AGAIN_MS = 10_000;
const TICK_MS = 1_000;
const PAST_AT_ONCE = 20;
const UNKNOWN = "–"; // a name that is not ours to see
const OPEN = ["WAITING_FOR_STUDENTS", "IN_PROGRESS"];

class SittingsPage {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {{classes: any[], tests: any[], staff: any[]}} known
   */
  constructor(api, known) {
    this.api = api;
    const named = (/** @type {any[]} */ list, /** @type {string} */ key) => {
      const byId = new Map(list.map((one) => [one.id, one[key]]));
      return (/** @type {string} */ id) => byId.get(id) ?? UNKNOWN;
    };
    const [classes, tests] = [named(known.classes, "name"), named(known.tests, "title")];
    const me = current("staff")?.user;
    const mine = new Set(known.classes.map(({ id }) => id)); // all of them for an administrator
    this.names = {
      own: (/** @type {any} */ session) => session.created_by === me?.id || mine.has(session.class_id),
      className: (/** @type {any} */ session) => classes(session.class_id),
      testTitle: (/** @type {any} */ session) => tests(session.test_id),
    };
    this.notice = h("p", { class: "error", role: "alert" });
    this.liveList = h("ul", { class: "live-cards" });
    this.live = h("section", { class: "stack", hidden: true }, h("h2", {}, t("sittings.live")), this.liveList);
    this.coming = h("section", { class: "card flush", hidden: true });
    this.past = h("section", { class: "card flush", hidden: true });
    this.none = h("p", { hidden: true }, t("sittings.none"));
    this.element = h("div", { class: "stack wide" }, this.notice, this.none, this.live, this.coming, this.past);
    /** @type {Map<string, LiveCard>} */
    this.cards = new Map();
    this.pastLimit = PAST_AT_ONCE;
    this.drawn = "";
    this.watch = new SittingsWatch({ url: location.origin, token: () => api.token, refresh: () => api.refresh() });
    this.watch.addEventListener("state", () => this.soon());
  }

  /** Once for everything that came since the last picture. */
  soon() {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.tick();
    });
  }

  tick() {
    for (const card of this.cards.values()) card.update(this.watch);
    const over = [...this.cards.keys()].some((id) => {
      const status = this.watch.state(id)?.session.status;
      return status !== undefined && !OPEN.includes(status);
    });
    if (over) this.refresh();
  }

  async refresh() {
    this.refreshing ??= this.fetch().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  async fetch() {
    try {
      const [open, coming, past] = await Promise.all([
        this.api.all(`/api/sessions?status=${OPEN.join(",")}`),
        this.api.all("/api/sessions?status=SCHEDULED"),
        this.api.get(`/api/sessions?status=COMPLETED,CANCELLED&limit=${this.pastLimit}`),
      ]);
      setText(this.notice, "");
      this.draw(open, coming, past);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(this.notice, failure(error));
    }
  }

  /**
   * @param {any[]} open
   * @param {any[]} coming
   * @param {{items: any[], next: string | null}} past
   */
  draw(open, coming, past) {
    const { className, testTitle, own } = this.names;
    open.sort(soonest);
    for (const id of [...this.cards.keys()]) if (!open.some((one) => one.id === id)) this.cards.delete(id);
    for (const one of open) {
      if (!this.cards.has(one.id)) this.cards.set(one.id, new LiveCard(one, [className(one), testTitle(one)].filter((name) => name !== UNKNOWN).join(" · "), own(one)));
    }
    arrange(this.liveList, open.map(({ id }) => /** @type {LiveCard} */ (this.cards.get(id)).element));
    show(this.live, open.length > 0);
    this.watch.watch(open.map(({ id }) => id));
    this.tick();

    const now = JSON.stringify([coming, past]);
    show(this.none, open.length + coming.length + past.items.length === 0);
    if (now === this.drawn) return;
    this.drawn = now;
    this.table(this.coming, t("sittings.coming"), coming.sort(soonest));
    this.table(this.past, t("sittings.past"), past.items);
    if (past.next) {
      const more = async () => {
        this.pastLimit += PAST_AT_ONCE;
        await this.refresh();
      };
      const button = h("button", { class: "bare", type: "button", onclick: more }, t("setup.past.more"));
      this.past.append(h("div", { class: "row table-foot" }, button));
    }
  }

  /**
   * @param {HTMLElement} part
   * @param {string} caption
   * @param {any[]} sessions
   */
  table(part, caption, sessions) {
    part.replaceChildren(...(sessions.length > 0 ? [sittingsTable(caption, sessions, this.names)] : []));
    show(part, sessions.length > 0);
  }

  async keepFresh() {
    const before = this.api.token;
    await this.api.keepFresh();
    if (this.api.token && this.api.token !== before) this.watch.renewed(this.api.token);
  }

  start() {
    setInterval(() => this.tick(), TICK_MS);
    setInterval(() => {
      if (document.visibilityState === "visible") this.refresh();
      this.keepFresh();
    }, AGAIN_MS);
    onWake((urgent) => this.watch.link.wake(urgent));
  }
}

/**
 * @param {any} a
 * @param {any} b
 */
function soonest(a, b) {
  const when = (/** @type {any} */ one) => one.started_at ?? one.scheduled_at ?? "~";
  return when(a).localeCompare(when(b)) || a.title.localeCompare(b.title);
}

staffPage({ title: t("sittings.title"), place: "sittings" }, async (api, main) => {
  const loading = h("p", { class: "soft" }, t("app.loading"));
  main.append(h("h1", {}, t("sittings.title")), loading);
  const [classes, tests, teachers, admins] = await Promise.all([
    api.all("/api/classes"),
    api.all("/api/tests"),
    api.all("/api/users?role=TEACHER"),
    api.all("/api/users?role=ADMIN"),
  ]);
  const known = { classes, tests, staff: [...teachers, ...admins] };
  const page = new SittingsPage(api, known);
  await page.refresh();
  loading.replaceWith(page.element, sittingForm(api, known));
  page.start();
  setAttribute(document.documentElement, "data-ready", "");
});
