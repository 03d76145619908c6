/** `/sittings/<id>/cards`: everyone's way in, to print and to cut; taken back or made anew for one. */

import { ApiError } from "../lib/api.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { t } from "../words/index.js";
import { qr, spoken } from "./qr.js";
import { attempt, nameDocument, pathPart, staffPage } from "./staff_page.js";

class CardsPage {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {string} id of the sitting
   */
  constructor(api, id) {
    this.api = api;
    this.path = `/api/sessions/${id}`;
    this.notice = h("p", { class: "error screen-only", role: "alert" });
    this.told = h("p", { class: "screen-only", role: "status" });
    this.heading = h("h1", {}, t("app.loading"));
    this.make = h("button", { type: "button", class: "main", onclick: () => this.makeMissing() });
    this.print = h("button", { type: "button", onclick: () => window.print() }, t("setup.cards.print"));
    this.list = h("ul", { class: "cards" });
    this.element = h(
      "div",
      { class: "stack wide" },
      h("div", { class: "stack screen-only" }, this.heading, h("p", { class: "soft" }, t("setup.cards.hint"))),
      h("div", { class: "row screen-only" }, this.make, this.print, h("a", { class: "button", href: `/sittings/${id}/screen` }, t("setup.link.screen"))),
      this.notice,
      this.told,
      this.list,
    );
  }

  async load() {
    this.draw(await this.api.get(`${this.path}/cards`));
  }

  /** @param {any} cards */
  draw(cards) {
    this.cards = cards;
    nameDocument(t("setup.cards.title", { name: cards.title }));
    setText(this.heading, t("setup.cards.title", { name: cards.title }));
    const missing = cards.items.filter((/** @type {any} */ card) => card.code === null).length;
    show(this.make, missing > 0);
    setText(this.make, t("setup.cards.make", { count: missing }));
    const nobody = cards.items.length === 0 ? [h("li", { class: "soft screen-only" }, t("setup.cards.nobody"))] : [];
    this.list.replaceChildren(...nobody, ...cards.items.map((/** @type {any} */ card) => this.card(card)));
  }

  /** @param {any} card */
  card(card) {
    const { name, code, url } = card;
    if (code === null) {
      const make = () => this.renew(card, false);
      return h(
        "li",
        { class: "sign-in-card empty screen-only", "data-student": card.student_id },
        h("div", { class: "stack" }, h("h2", {}, name), h("p", { class: "soft" }, t("setup.cards.none"))),
        h("div", { class: "row" }, this.button("make_one", name, make)),
      );
    }
    return h(
      "li",
      { class: "sign-in-card", "data-student": card.student_id },
      h(
        "div",
        { class: "stack tight" },
        h("p", { class: "small soft" }, this.cards.title),
        h("h2", {}, name),
        h("p", {}, t("setup.cards.go_to"), " ", h("strong", {}, spoken(this.cards.address))),
        h("p", {}, t("setup.cards.type"), " ", h("strong", { class: "code numbers" }, code)),
      ),
      qr(card.qr, t("setup.cards.qr", { name })),
      h(
        "div",
        { class: "row small screen-only card-tools" },
        h("a", { href: url, "aria-label": t("setup.cards.link.label", { name }) }, t("setup.cards.link")),
        this.button("renew", name, () => this.renew(card, true)),
        this.button("revoke", name, () => this.revoke(card)),
      ),
    );
  }

  /**
   * @param {"make_one" | "renew" | "revoke"} what
   * @param {string} name
   * @param {() => void} work
   */
  button(what, name, work) {
    const label = t(`setup.cards.${what}.label`, { name });
    return h("button", { type: "button", class: "bare", "aria-label": label, onclick: work }, t(`setup.cards.${what}`));
  }

  makeMissing() {
    const ids = this.cards.items.filter((/** @type {any} */ card) => card.code === null).map((/** @type {any} */ card) => card.student_id);
    return this.change(() => this.api.post(`${this.path}/links`, { student_ids: ids }), t("setup.cards.made", { count: ids.length }));
  }

  /**
   * @param {any} card
   * @param {boolean} renew
   */
  renew({ student_id, name }, renew) {
    const work = () => this.api.post(`${this.path}/links`, { student_ids: [student_id], renew });
    return this.change(work, t(renew ? "setup.cards.renewed" : "setup.cards.made_one", { name }), student_id);
  }

  /** @param {any} card */
  revoke({ student_id, name }) {
    const work = () => this.api.call("DELETE", `${this.path}/links/${student_id}`);
    return this.change(work, t("setup.cards.revoked", { name }), student_id);
  }

  /**
   * @param {() => Promise<unknown>} work
   * @param {string} words what was done
   * @param {string} [studentId] whose card has the focus then
   */
  async change(work, words, studentId) {
    setText(this.told, "");
    const done = await attempt(this.notice, async () => {
      await work();
      await this.load();
      return true;
    });
    if (!done) return;
    setText(this.told, words);
    if (studentId) this.list.querySelector(`[data-student="${CSS.escape(studentId)}"] button`)?.focus();
  }
}

staffPage({ title: t("setup.link.cards"), place: "sittings", className: "cards-page" }, async (api, main) => {
  const page = new CardsPage(api, pathPart(1));
  try {
    await page.load();
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "session_over") throw error;
    main.append(h("div", { class: "center" }, h("h1", {}, t("setup.cards.over")), h("a", { href: `/sittings/${pathPart(1)}` }, t("setup.link.live"))));
    return;
  }
  main.append(page.element);
  setAttribute(document.documentElement, "data-ready", "");
});
