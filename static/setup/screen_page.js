/** `/sittings/<id>/screen`: what hangs on the wall: where to go, what to type, who is here, how long. */

import { ApiError } from "../lib/api.js";
import { onWake } from "../client/wake.js";
import { timeLeft } from "../dashboard/deadlines.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { statusOf } from "../lib/session_words.js";
import { clock, timeOfDay } from "../lib/time.js";
import { t } from "../words/index.js";
import { qr, spoken } from "./qr.js";
import { sittingCounts } from "./sitting_counts.js";
import { SittingsWatch } from "./sittings_watch.js";
import { nameDocument, pathPart, staffPage } from "./staff_page.js";

const TICK_MS = 500;
const KEEP_FRESH_MS = 60_000;

class Screen {
  /**
   * @param {SittingsWatch} watch
   * @param {any} session as it was when the page came
   * @param {any} cards null: not for this person
   */
  constructor(watch, session, cards) {
    this.watch = watch;
    this.first = session;
    this.cards = cards;
    this.title = h("h1", {}, session.title);
    this.state = h("p", { class: "wall-state" });
    this.big = h("p", { class: "wall-clock numbers" });
    this.here = h("p", { class: "wall-here numbers" });
    this.stale = h("p", { class: "notice", role: "status", hidden: true }, t("setup.screen.stale"));
    const address = cards?.address ?? location.origin;
    this.how = h(
      "section",
      { class: "wall-how" },
      h(
        "div",
        { class: "stack" },
        h("p", { class: "wall-go" }, t("setup.screen.go_to")),
        h("p", { class: "wall-address" }, spoken(address)),
        (this.type = h("p", { class: "wall-go" }, t("setup.screen.type"))),
      ),
      (this.qr = h("div", { class: "wall-qr" }, cards ? qr(cards.qr, t("setup.screen.qr")) : null)),
    );
    this.element = h("div", { class: "wall" }, this.stale, this.title, this.how, h("div", { class: "wall-foot" }, this.state, this.big, this.here), this.tools());
  }

  /** For the teacher: one student's code, for who has lost the card; the whole screen. */
  tools() {
    const some = (this.cards?.items ?? []).filter((/** @type {any} */ card) => card.code !== null);
    const options = some.map((/** @type {any} */ card) => h("option", { value: card.student_id }, card.name));
    const choose = h("select", {}, h("option", { value: "" }, t("setup.screen.nobody")), ...options);
    choose.addEventListener("change", () => this.show(some.find((/** @type {any} */ card) => card.student_id === choose.value) ?? null));
    const whole = h("button", { type: "button", onclick: () => document.documentElement.requestFullscreen?.() }, t("setup.screen.whole"));
    const one = h("label", { class: "row" }, h("span", {}, t("setup.screen.one")), choose);
    return h("div", { class: "row wall-tools" }, some.length > 0 ? one : null, whole);
  }

  /** @param {any} card null: nobody's */
  show(card) {
    this.type.replaceChildren(
      ...(card ? [`${t("setup.screen.type_one", { name: card.name })} `, h("strong", { class: "wall-code numbers" }, card.code)] : [t("setup.screen.type")]),
    );
    this.qr.replaceChildren(qr(card ? card.qr : this.cards.qr, card ? t("setup.cards.qr", { name: card.name }) : t("setup.screen.qr")));
  }

  update() {
    const state = this.watch.state(this.first.id);
    const session = state?.session ?? this.first;
    const now = this.watch.clock.now();
    const status = statusOf(session);
    const left = timeLeft(session, null, now);
    setText(this.title, session.title);
    setText(this.state, t(`setup.screen.${status}`, { time: timeOfDay(session.scheduled_at, { seconds: false }) }));
    setText(this.big, left === null ? "" : left <= 0 ? t("live.over_time") : clock(left));
    show(this.how, !["COMPLETED", "CANCELLED"].includes(status));
    setAttribute(this.element, "data-status", status);
    show(this.stale, state !== null && !this.watch.live(this.first.id));
    if (!state) return;
    const { here, enrolled } = sittingCounts(state, now, this.watch.heartbeatSeconds);
    setText(this.here, t("setup.screen.here", { count: here, total: enrolled }));
  }
}

staffPage({ title: t("setup.link.screen"), place: "sittings", className: "wall-page" }, async (api, main) => {
  const id = pathPart(1);
  const session = await api.get(`/api/sessions/${id}`);
  nameDocument(session.title);
  const cards = await api.get(`/api/sessions/${id}/cards`).catch((error) => {
    // An invigilator has no cards, a sitting that is over neither: the rest is shown all the same.
    if (!(error instanceof ApiError) || error.status === 401) throw error;
    return null;
  });
  const watch = new SittingsWatch({ url: location.origin, token: () => api.token, refresh: () => api.refresh() });
  const screen = new Screen(watch, session, cards);
  main.append(screen.element);
  watch.addEventListener("state", () => screen.update());
  watch.watch([id]);
  screen.update();
  setInterval(() => screen.update(), TICK_MS);
  setInterval(async () => {
    const before = api.token;
    await api.keepFresh();
    if (api.token && api.token !== before) watch.renewed(api.token);
  }, KEEP_FRESH_MS);
  onWake((urgent) => watch.link.wake(urgent));
  setAttribute(document.documentElement, "data-ready", "");
});
