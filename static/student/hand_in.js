/** Handing in: what is unanswered is shown first, and it is done only when the server says so. */

import { ask } from "../lib/dialog.js";
import { h, setText, show } from "../lib/dom.js";
import { t } from "../words/index.js";

export class HandIn {
  /**
   * @param {import("../client/client.js").Client} client
   * @param {() => {open: number[], flagged: number[]}} progress
   */
  constructor(client, progress) {
    this.client = client;
    this.progress = progress;
    this.button = h("button", { type: "button", class: "main", onclick: () => this.ask() }, t("handin.button"));
    this.more = h("p", {});
    this.back = h("button", { type: "button", onclick: () => client.keepWorking() }, t("handin.back"));
    this.cover = h(
      "div",
      { class: "cover", role: "status", hidden: true },
      h("div", { class: "center" }, h("h1", {}, t("handin.waiting")), this.more, this.back),
    );
  }

  async ask() {
    const { open, flagged } = this.progress();
    const agreed = await ask(
      t("handin.title"),
      (done) => [
        h("p", {}, open.length === 0 ? t("handin.all") : t("handin.open", { count: open.length })),
        open.length > 0 ? h("p", { class: "numbers list" }, open.join(", ")) : null,
        flagged.length > 0 ? h("p", {}, `${t("handin.flagged", { count: flagged.length })} ${flagged.join(", ")}`) : null,
        h("p", { class: "soft" }, t("handin.final")),
        h(
          "div",
          { class: "row" },
          h("button", { type: "button", onclick: () => done(false) }, t("handin.back")),
          h("button", { type: "button", class: "main", onclick: () => done(true) }, t("handin.go")),
        ),
      ],
      false,
    );
    if (agreed) this.client.handIn();
  }

  /** @param {import("../client/client.js").ClientStatus} status */
  update({ handingIn, unsaved, connection }) {
    show(this.cover, handingIn);
    if (!handingIn) return;
    const others = unsaved - 1; // the hand-in itself is one of them
    const key = connection === "online" ? (others > 0 ? "handin.waiting.more" : "handin.waiting.last") : "handin.waiting.offline";
    setText(this.more, t(key, { count: others }));
    show(this.back, connection !== "online");
  }
}
