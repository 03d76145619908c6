/** One student's tile. */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { ring } from "../lib/ring.js";
import { setShape, shape } from "../lib/shapes.js";
import { age, clock } from "../lib/time.js";
import { t } from "../words/index.js";
import { sameFacts } from "./row.js";

/** @typedef {import("./row.js").Row} Row */

export class TileView {
  /** @param {string} id */
  constructor(id) {
    /** @type {Row | null} */
    this.row = null;
    this.pick = h("input", { type: "checkbox", "data-act": "pick" });
    this.ring = ring();
    this.shape = shape("absent");
    this.name = h("span", { class: "name" });
    this.progress = h("span", { class: "numbers" });
    this.status = h("span", { class: "shown" });
    this.time = h("span", { class: "numbers" });
    this.hand = h("span", { class: "hand", title: t("flag.hand") }, shape("hand"));
    this.away = h("span", { title: t("flag.away") }, shape("away"));
    this.alert = h("span", { class: "warn" }, shape("alert"));
    const open = h(
      "button",
      { type: "button", class: "bare tile", "data-act": "open" },
      h("span", { class: "ringed" }, this.ring.element, this.shape),
      this.name,
      h("span", { class: "tile-line" }, this.progress, this.time),
      this.status,
    );
    const flags = h("span", { class: "tile-flags" }, this.hand, this.away, this.alert);
    this.element = h("li", { "data-student": id }, open, this.pick, flags);
  }

  /**
   * @param {Row} row
   * @param {import("./parts.js").Look} look
   */
  update(row, { selection, choice }) {
    const former = this.row;
    this.row = row;
    const picked = selection.has(row.id);
    if (this.pick.checked !== picked) this.pick.checked = picked;
    setAttribute(this.element, "data-picked", picked ? "" : null);
    setAttribute(this.element, "data-open", choice.student === row.id ? "" : null);
    if (sameFacts(former ?? undefined, row)) return;
    const name = row.name || t("table.unlisted");
    setText(this.name, name);
    setAttribute(this.pick, "aria-label", t("table.pick", { name }));
    setAttribute(this.element, "data-status", row.status);
    setShape(this.shape, row.status);
    this.ring.fill(row.total === 0 ? 0 : row.answered / row.total);
    setText(this.progress, row.total === 0 ? "" : `${row.answered}/${row.total}`);
    show(this.hand, row.handRaisedAt !== null);
    show(this.away, row.away);
    show(this.alert, row.lateAnswers > 0);
    if (row.lateAnswers > 0) setAttribute(this.alert, "title", t("flag.late", { count: row.lateAnswers }));
    this.tick();
  }

  tick() {
    if (!this.row) return;
    const { status, statusAgeMs, leftMs } = this.row;
    const words = t(`counter.${status}`);
    setText(this.status, statusAgeMs === null || status === "submitted" ? words : `${words} ${age(statusAgeMs)}`);
    setText(this.time, leftMs === null ? "" : clock(leftMs));
  }
}
