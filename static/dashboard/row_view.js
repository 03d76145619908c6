/** A student's row on the page; only cells whose words change are touched. */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { setShape, shape } from "../lib/shapes.js";
import { age, clock, timeOfDay } from "../lib/time.js";
import { t } from "../words/index.js";

/** Someone seen within so long is simply here; a number that always ticks tells nothing. */
const NOW_MS = 10_000;

/** @typedef {import("./row.js").Row} Row */

export class RowView {
  /**
   * @param {string} id
   * @param {(studentId: string) => void} lowerHand
   */
  constructor(id, lowerHand) {
    this.name = h("span", {});
    this.shape = shape("absent");
    this.status = h("span", {});
    this.statusAge = h("span", { class: "numbers" });
    this.bar = h("progress", { "aria-hidden": "true", max: 1, value: 0 });
    this.progress = h("span", { class: "numbers" });
    this.question = h("td", { class: "numbers" });
    this.seen = h("td", { class: "numbers", "data-label": t("table.seen") });
    this.saved = h("td", { class: "numbers", "data-label": t("table.saved") });
    this.left = h("span", { class: "numbers" });
    this.extra = h("span", { class: "extra numbers" });
    this.handWords = h("span", { class: "words" });
    this.lower = h("button", { class: "bare", type: "button", onclick: () => lowerHand(id) }, t("live.hand.lower"));
    this.hand = h("span", { class: "flag hand" }, shape("hand"), this.handWords, this.lower);
    this.away = h("span", { class: "flag" }, shape("away"), t("flag.away"));
    this.lateWords = h("span", {});
    this.late = h("span", { class: "flag warn" }, shape("alert"), this.lateWords);
    this.by = h("span", { class: "soft small" });
    this.element = h(
      "tr",
      { "data-student": id },
      h("th", { scope: "row" }, this.name),
      h("td", { class: "shown" }, this.shape, " ", this.status, " ", this.statusAge),
      h("td", { class: "progress" }, this.bar, this.progress),
      this.question,
      this.seen,
      this.saved,
      h("td", { class: "left", "data-label": t("table.left") }, this.left, " ", this.extra),
      h("td", { class: "flags" }, this.hand, this.away, this.late, this.by),
    );
  }

  /**
   * @param {Row} row
   * @param {(questionId: string) => string} questionName
   */
  update(row, questionName) {
    setText(this.name, row.name);
    setAttribute(this.element, "data-status", row.status);
    setShape(this.shape, row.status);
    setText(this.status, t(`counter.${row.status}`));
    setText(this.statusAge, row.statusAgeMs === null || row.status === "submitted" ? "" : age(row.statusAgeMs));
    this.updateProgress(row);
    setText(this.question, row.questionId ? questionName(row.questionId) : "–");
    setText(this.seen, seenWords(row));
    setText(this.saved, timeOfDay(row.savedAt));
    setText(this.left, row.leftMs === null ? "–" : clock(row.leftMs));
    const minutes = Math.round(row.extraSeconds / 60);
    setText(this.extra, minutes === 0 ? "" : t("table.extra", { sign: minutes > 0 ? "+" : "−", minutes: Math.abs(minutes) }));
    this.updateFlags(row);
  }

  /** @param {Row} row */
  updateProgress({ answered, total }) {
    if (this.bar.max !== Math.max(total, 1)) this.bar.max = Math.max(total, 1);
    if (this.bar.value !== answered) this.bar.value = answered;
    setText(this.progress, total === 0 ? "–" : `${answered}/${total}`);
  }

  /** @param {Row} row */
  updateFlags(row) {
    show(this.hand, row.handRaisedAt !== null);
    if (row.handRaisedAt) {
      setText(this.handWords, row.handText || t("flag.hand"));
      setAttribute(this.handWords, "title", row.handText);
      setAttribute(this.lower, "aria-label", t("live.hand.lower.label", { name: row.name }));
    }
    show(this.away, row.away);
    show(this.late, row.lateAnswers > 0);
    if (row.lateAnswers > 0) setText(this.lateWords, t("flag.late", { count: row.lateAnswers }));
    const by = row.status === "submitted" ? row.submittedBy : null;
    show(this.by, by !== null && by !== "student");
    if (by !== null && by !== "student") setText(this.by, t(`flag.by.${by}`));
  }
}

/** @param {Row} row */
function seenWords({ seenAgoMs, seenAt, status }) {
  if (seenAgoMs === null) return timeOfDay(seenAt);
  const here = seenAgoMs < NOW_MS && status !== "disconnected";
  return here ? t("table.now") : t("table.ago", { age: age(seenAgoMs) });
}
