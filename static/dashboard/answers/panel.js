/**
 * What everyone has answered so far, question by question. Counted by the server while the panel is
 * open, at most every few seconds, and only after somebody's work has changed.
 */

import { ApiError } from "../../lib/api.js";
import { h, setText, show } from "../../lib/dom.js";
import { timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { barsOf } from "./bars.js";
import { numberWords } from "./value_words.js";

const EVERY_MS = 3_000;

export class AnswersPanel {
  /** @param {import("../parts.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {import("../parts.js").Look | null} */
    this.look = null;
    /** @type {Map<string, any> | null} the attempts that the counts were asked for */
    this.counted = null;
    this.counts = null;
    this.countedAt = 0;
    this.resting = false;
    this.about = h("p", { class: "soft small numbers" });
    this.problem = h("p", { class: "error small", role: "status" });
    this.questions = h("div", { class: "histograms" });
    const everyone = h("a", { class: "small", href: `/sittings/${page.sessionId}/answers` }, t("answers.print"));
    this.details = h(
      "details",
      { class: "card answers-panel", ontoggle: () => this.refresh() },
      h("summary", {}, t("answers.title")),
      h("div", { class: "stack" }, h("div", { class: "row" }, this.about, h("span", { class: "push" }, everyone)), this.problem, this.questions),
    );
    this.element = this.details;
  }

  /** @param {import("../parts.js").Look} look */
  update(look) {
    const named = look.names.test !== this.look?.names.test;
    this.look = look;
    show(this.element, look.state.session.started_at !== null);
    if (named) this.draw();
    this.refresh();
  }

  /** Ask for the counts, if they are seen and somebody's work is another than it was. */
  async refresh() {
    const attempts = this.look?.state.attempts;
    if (!this.details.open || this.resting || !attempts || attempts === this.counted) return;
    this.resting = true;
    try {
      const now = this.look.now;
      this.counts = await this.page.api.get(`/api/sessions/${this.page.sessionId}/answers`);
      this.counted = attempts;
      this.countedAt = now;
      setText(this.problem, "");
      this.draw();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(this.problem, t("answers.failed"));
    } finally {
      setTimeout(() => {
        this.resting = false;
        this.refresh();
      }, EVERY_MS);
    }
  }

  draw() {
    const { counts } = this;
    const test = this.look?.names.test;
    if (!counts || !test) return;
    const { students } = counts;
    setText(this.about, students === 0 ? t("answers.empty") : [t("answers.count", { count: students }), t("answers.at", { time: timeOfDay(this.countedAt) })].join(" · "));
    const counted = new Map(counts.questions.map((/** @type {any} */ one) => [one.question_id, one]));
    const known = test.questions.filter((/** @type {any} */ { id }) => counted.has(id));
    this.questions.replaceChildren(...known.map((/** @type {any} */ question, /** @type {number} */ at) => histogram(question, at + 1, counted.get(question.id), students)));
  }
}

/**
 * @param {any} question
 * @param {number} number
 * @param {any} counted
 * @param {number} students
 */
function histogram(question, number, counted, students) {
  const rows = barsOf(question, counted, students).map(({ label, count, kind }) =>
    h(
      "tr",
      { "data-kind": kind },
      h("th", { scope: "row" }, label),
      h("td", {}, h("progress", { max: Math.max(students, 1), value: count, "aria-hidden": "true" })),
      h("td", { class: "numbers" }, String(count)),
    ),
  );
  const told = [t("answers.answered", { count: counted.answered, total: students }), counted.median === null ? null : t("answers.median", { value: numberWords(counted.median) })];
  return h(
    "table",
    { class: "histogram", "data-question": question.id },
    h("caption", {}, h("strong", {}, t("table.question.short", { number })), " ", question.prompt, " ", h("span", { class: "soft small numbers" }, told.filter(Boolean).join(" · "))),
    h("tbody", {}, ...rows),
  );
}
