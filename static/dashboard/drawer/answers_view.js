/** A student's answers as they are now, question by question. */

import { h } from "../../lib/dom.js";
import { timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { supersededAnswers } from "./late.js";
import { Section } from "./section.js";
import { valueView } from "./values.js";

export class AnswersView extends Section {
  /** @param {string} printPath */
  constructor(printPath) {
    super();
    this.list = h("ol", { class: "answers" });
    this.nothing = h("p", { class: "soft" });
    this.element = h("div", { class: "stack" }, this.nothing, this.list, h("a", { class: "small", href: printPath }, t("drawer.answers.print")));
  }

  /** @param {import("./section.js").Sight} sight */
  update({ look, item, attempt, events, late, row }) {
    if (!this.isNew(attempt, events, late, look.names, row.questionId)) return;
    const { test } = look.names;
    const empty = item === null || !attempt || !test;
    this.nothing.textContent = item === null ? t("drawer.answers.none") : empty ? t("drawer.loading") : "";
    this.nothing.hidden = !empty;
    this.list.hidden = empty;
    if (empty) return;
    const superseded = supersededAnswers(events);
    const waiting = late.filter(({ decision }) => decision?.kind !== "accepted");
    const others = (/** @type {{questionId: string}[]} */ all, /** @type {string} */ id) => all.filter((one) => one.questionId === id);
    this.list.replaceChildren(
      ...test.questions.map((/** @type {any} */ question) =>
        answerItem(question, attempt.answers[question.id], {
          here: row.questionId === question.id,
          replaced: others(superseded, question.id),
          late: others(waiting, question.id),
        }),
      ),
    );
  }
}

/**
 * @param {any} question
 * @param {any} answer
 * @param {{here: boolean, replaced: any[], late: any[]}} more
 */
function answerItem(question, answer, { here, replaced, late }) {
  return h(
    "li",
    { "data-question": question.id, "aria-current": here ? "true" : null },
    h("p", { class: "soft small prompt" }, question.prompt),
    valueView(question, answer?.value),
    answer ? h("p", { class: "soft small numbers" }, t("drawer.answers.at", { time: timeOfDay(answer.answered_at) })) : null,
    others("drawer.answers.replaced", question, replaced),
    others("drawer.answers.late", question, late),
  );
}

/**
 * @param {string} key
 * @param {any} question
 * @param {any[]} given
 */
function others(key, question, given) {
  if (given.length === 0) return null;
  const items = given.map(({ value, answeredAt }) => h("li", {}, valueView(question, value), h("p", { class: "soft small numbers" }, timeOfDay(answeredAt))));
  return h("div", { class: "others small" }, h("p", {}, t(key)), h("ul", {}, ...items));
}
