/**
 * A student's row on the page; only cells whose words change are touched: facts when they change,
 * what ticks when asked to.
 */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { setShape, shape } from "../lib/shapes.js";
import { age, clock, timeOfDay } from "../lib/time.js";
import { t } from "../words/index.js";
import { RowFlags } from "./row_flags.js";
import { sameFacts } from "./row.js";

/** Someone seen within so long is simply here; a number that always ticks tells nothing. */
const NOW_MS = 10_000;

/** @typedef {import("./row.js").Row} Row */

export class RowView {
  /** @param {string} id */
  constructor(id) {
    /** @type {Row | null} */
    this.row = null;
    /** @type {import("./parts.js").Names | null} */
    this.names = null;
    this.pick = h("input", { type: "checkbox", "data-act": "pick" });
    this.name = h("button", { type: "button", class: "bare name", "data-act": "open" });
    this.shape = shape("absent");
    this.status = h("span", {});
    this.statusAge = h("span", { class: "numbers" });
    this.bar = h("progress", { "aria-hidden": "true", max: 1, value: 0 });
    this.progress = h("span", { class: "numbers" });
    this.question = cell("question numbers", {});
    this.seen = cell("seen numbers", { "data-label": t("table.seen.short") });
    this.saved = cell("saved numbers", { "data-label": t("table.saved.short") });
    this.left = h("span", { class: "numbers" });
    this.extra = h("span", { class: "extra numbers" });
    this.flags = new RowFlags();
    this.element = h(
      "tr",
      { "data-student": id, role: "row" },
      cell("pick", {}, this.pick),
      h("th", { scope: "row", role: "rowheader" }, this.name),
      cell("shown", {}, this.shape, " ", this.status, " ", this.statusAge),
      cell("progress", {}, this.bar, this.progress),
      this.question,
      this.seen,
      this.saved,
      cell("left", { "data-label": t("table.left.short") }, this.left, " ", this.extra),
      this.flags.element,
    );
  }

  /**
   * @param {Row} row
   * @param {import("./parts.js").Look} look
   */
  update(row, { names, selection, choice }) {
    const former = this.row;
    this.row = row;
    const picked = selection.has(row.id);
    if (this.pick.checked !== picked) this.pick.checked = picked;
    setAttribute(this.element, "data-picked", picked ? "" : null);
    setAttribute(this.element, "data-open", choice.student === row.id ? "" : null);
    if (names === this.names && sameFacts(former ?? undefined, row)) return;
    this.names = names;
    const name = row.name || t("table.unlisted");
    setText(this.name, name);
    setAttribute(this.pick, "aria-label", t("table.pick", { name }));
    setAttribute(this.element, "data-status", row.status);
    setShape(this.shape, row.status);
    setText(this.status, t(`counter.${row.status}`));
    this.updateProgress(row);
    setText(this.question, row.questionId ? questionName(names, row.questionId) : "–");
    setText(this.saved, timeOfDay(row.savedAt));
    const minutes = Math.round(row.extraSeconds / 60);
    setText(this.extra, minutes === 0 ? "" : t("table.extra", { sign: minutes > 0 ? "+" : "−", minutes: Math.abs(minutes) }));
    this.flags.update(row);
    this.tick();
  }

  /** What goes on by itself, as of the last update. */
  tick() {
    if (!this.row) return;
    const { statusAgeMs, status, leftMs } = this.row;
    setText(this.statusAge, statusAgeMs === null || status === "submitted" ? "" : age(statusAgeMs));
    setText(this.seen, seenWords(this.row));
    setText(this.left, leftMs === null ? "–" : clock(leftMs));
  }

  /** @param {Row} row */
  updateProgress({ answered, total }) {
    if (this.bar.max !== Math.max(total, 1)) this.bar.max = Math.max(total, 1);
    if (this.bar.value !== answered) this.bar.value = answered;
    show(this.bar, total > 0);
    setText(this.progress, total === 0 ? "–" : `${answered}/${total}`);
  }
}

/**
 * @param {string} name its class
 * @param {Record<string, string>} attributes
 * @param {...any} inside
 */
function cell(name, attributes, ...inside) {
  return h("td", { class: name, role: "cell", ...attributes }, ...inside);
}

/**
 * @param {import("./parts.js").Names} names
 * @param {string} id
 */
export function questionName({ numbers }, id) {
  const number = numbers.get(id);
  return number === undefined ? id : t("table.question.short", { number });
}

/** @param {Row} row */
function seenWords({ seenAgoMs, seenAt, status }) {
  if (seenAgoMs === null) return timeOfDay(seenAt);
  const here = seenAgoMs < NOW_MS && status !== "disconnected";
  return here ? t("table.now") : t("table.ago", { age: age(seenAgoMs) });
}
