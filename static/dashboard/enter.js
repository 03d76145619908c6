/** How students get in: the address, and everyone's code and link when asked for. */

import { ApiError } from "../lib/api.js";
import { h, setText, show } from "../lib/dom.js";
import { t } from "../words/index.js";

export class Enter {
  /** @param {import("./parts.js").Page} page */
  constructor({ api, sessionId }) {
    this.api = api;
    this.path = `/api/sessions/${sessionId}/links`;
    this.touched = false;
    this.error = h("p", { class: "error", role: "alert" });
    this.codes = h("div", {});
    this.with = h("span", {});
    this.make = h("button", { type: "button", class: "main", onclick: () => this.show() }, t("enter.make"));
    this.element = h(
      "details",
      { class: "card enter" },
      h("summary", {}, t("enter.title")),
      h(
        "div",
        { class: "stack" },
        h("p", {}, `${t("enter.address")} `, h("strong", { class: "address" }, location.origin), " ", this.with),
        h("div", { class: "row" }, this.make),
        this.error,
        this.codes,
      ),
    );
    this.element.querySelector("summary").addEventListener("click", () => {
      this.touched = true;
    });
  }

  /** Open by itself as long as nobody has come. @param {import("./parts.js").Look} look */
  update({ state: { session, participants }, may }) {
    const early = ["SCHEDULED", "WAITING_FOR_STUDENTS"].includes(session.status);
    show(this.element, early || session.status === "IN_PROGRESS");
    show(this.make, may.own);
    setText(this.with, t(may.own ? "enter.with" : "enter.with.theirs"));
    const wanted = early && participants.size === 0;
    if (!this.touched && this.element.open !== wanted) this.element.open = wanted;
  }

  async show() {
    this.make.disabled = true;
    this.touched = true;
    setText(this.error, "");
    try {
      const { items } = await this.api.post(this.path);
      this.draw(items);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(this.error, error.status === 0 ? t("app.unreachable") : error.message || t("app.failed"));
    } finally {
      this.make.disabled = false;
    }
  }

  /** @param {{name: string, code: string, url: string}[]} items */
  draw(items) {
    const rows = items.map(({ name, code, url }) =>
      h(
        "li",
        { class: "code-card" },
        h("span", { class: "name" }, name),
        h("span", { class: "code numbers" }, code),
        h("a", { href: url, class: "small screen-only" }, t("enter.link")),
        h("span", { class: "small print-only" }, url),
      ),
    );
    const print = h("button", { type: "button", onclick: () => window.print() }, t("enter.print"));
    this.codes.replaceChildren(h("div", { class: "stack" }, h("ul", { class: "code-cards" }, ...rows), h("div", { class: "screen-only" }, print)));
  }
}
