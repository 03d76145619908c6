/** `/sittings/<id>/answers`: what everyone has answered, one student a sheet, to read and to print. */

import { h, setAttribute, show } from "../../lib/dom.js";
import { age, timeOfDay } from "../../lib/time.js";
import { nameDocument, pathPart, staffPage } from "../../setup/staff_page.js";
import { language, t } from "../../words/index.js";
import { concerns } from "../drawer/concerns.js";
import { lateAnswers } from "../drawer/late.js";
import { passageMarks } from "../drawer/passage_marks.js";
import { valueView } from "../drawer/values.js";

/** What may be shown besides the answers. */
const OPTIONS = { prompts: true, highlights: false, comments: true };

class AnswersPage {
  /**
   * @param {any} exported what `GET …/export` gives
   * @param {string | null} only the one student to show
   */
  constructor(exported, only) {
    this.exported = exported;
    this.only = only;
    this.shown = { ...OPTIONS };
    this.boxes = new Map(
      Object.entries(OPTIONS).map(([name, checked]) => {
        const box = h("input", { type: "checkbox", checked, onchange: () => this.choose(name, box.checked) });
        return [name, h("label", { class: "row" }, box, t(`answers.page.${name}`))];
      }),
    );
    /** @type {{student: any, place: HTMLElement}[]} where highlights go */
    this.places = [];
    this.sheets = h("div", { class: "stack wide sheets" });
    this.element = h("div", { class: "stack wide" }, this.head(), this.sheets);
    this.draw();
    this.choose("comments", true);
  }

  head() {
    const { session } = this.exported;
    const print = h("button", { type: "button", class: "main", onclick: () => window.print() }, t("setup.cards.print"));
    const options = h("fieldset", { class: "row options" }, h("legend", { class: "only-heard" }, t("answers.page.show")), ...this.boxes.values());
    const over = session.status === "COMPLETED" || session.status === "CANCELLED";
    const links = [["live", ""], ...(over ? [["report", "/report"]] : [])].map(([name, path]) => h("a", { href: `/sittings/${session.id}${path}` }, t(`setup.link.${name}`)));
    return h(
      "div",
      { class: "stack screen-only" },
      h("h1", {}, session.title),
      h("p", { class: "soft" }, t("answers.page.of")),
      h("div", { class: "row" }, print, options, h("span", { class: "push row" }, ...links)),
      this.onlyOne(),
    );
  }

  onlyOne() {
    const student = this.exported.students.find((/** @type {any} */ { id }) => id === this.only);
    if (!student) return null;
    return h("p", { class: "row" }, t("answers.page.only", { name: student.name }), h("a", { href: location.pathname }, t("answers.page.everyone")));
  }

  draw() {
    const { test, students } = this.exported;
    const wanted = this.only === null ? students : students.filter((/** @type {any} */ { id }) => id === this.only);
    const worked = wanted.filter((/** @type {any} */ { attempt }) => attempt?.started_at);
    const absent = wanted.filter((/** @type {any} */ one) => !worked.includes(one)).map((/** @type {any} */ { name }) => name);
    if (!test) this.sheets.replaceChildren(h("p", {}, t("answers.page.no_test")));
    else if (worked.length === 0) this.sheets.replaceChildren(h("p", {}, t("answers.page.nobody")));
    else this.sheets.replaceChildren(...worked.map((/** @type {any} */ one) => this.sheet(one)));
    if (test && absent.length > 0 && worked.length > 0) this.sheets.append(h("p", { class: "soft screen-only" }, t("answers.page.absent", { names: absent.join(", ") })));
  }

  /** @param {any} student */
  sheet(student) {
    const { session, test, events } = this.exported;
    const { id, name, attempt, answers } = student;
    const late = lateAnswers(events.filter((/** @type {any} */ event) => concerns(event, id))).filter(({ decision }) => decision?.kind !== "accepted");
    const place = h("div", { class: "stack passages", hidden: true });
    this.places.push({ student, place });
    const about = [
      t("answers.page.answered", { answered: attempt.answered, total: attempt.total }),
      attempt.submitted_at ? `${t(`setup.report.status.submitted.${attempt.submitted_by}`)} ${timeOfDay(attempt.submitted_at)}` : t("setup.report.status.open"),
    ];
    const day = new Date(session.started_at).toLocaleString(language(), { dateStyle: "long", timeStyle: "short" });
    return h(
      "section",
      { class: "stack sheet card", "data-student": id },
      h("header", { class: "stack tight" }, h("p", { class: "soft small paper-only" }, `${session.title} · ${day}`), h("h2", {}, name), h("p", { class: "soft numbers" }, about.join(" · "))),
      h("ol", { class: "given" }, ...test.questions.map((/** @type {any} */ question) => answer(question, answers[question.id], late.filter(({ questionId }) => questionId === question.id)))),
      attempt.note ? h("p", { class: "pre screen-only small" }, `${t("drawer.note")}: ${attempt.note}`) : null,
      place,
    );
  }

  /**
   * @param {string} name of OPTIONS
   * @param {boolean} wanted
   */
  choose(name, wanted) {
    this.shown = { ...this.shown, [name]: wanted };
    for (const option of Object.keys(OPTIONS)) setAttribute(this.sheets, `data-${option}`, this.shown[option] ? "" : null);
    if (this.shown.highlights) for (const { student, place } of this.places) this.fill(student, place);
  }

  /**
   * The passages are put in when they are first wanted: for a whole school they are long.
   * @param {any} student
   * @param {HTMLElement} place
   */
  fill({ highlighted_text }, place) {
    if (!place.hidden || highlighted_text.length === 0) return;
    show(place, true);
    for (const passage of this.exported.test.passages) {
      const own = highlighted_text.filter((/** @type {any} */ { passage_id }) => passage_id === passage.id);
      if (own.length > 0) place.append(passageMarks(passage, own, { whole: true }));
    }
  }
}

/**
 * @param {any} question
 * @param {any} given
 * @param {import("../drawer/late.js").Late[]} late that do not count
 */
function answer(question, given, late) {
  const tooLate = late.map(({ value, lateMs }) =>
    h("div", { class: "too-late small" }, h("p", {}, [t("drawer.answers.late"), lateMs === null ? "" : t("drawer.late.by", { time: age(lateMs) })].join(" ")), valueView(question, value)),
  );
  return h("li", {}, h("p", { class: "soft small prompt" }, question.prompt), valueView(question, given?.value), ...tooLate);
}

staffPage({ title: t("answers.page.of"), place: "sittings", className: "answers-page" }, async (api, main) => {
  const exported = await api.get(`/api/sessions/${pathPart(1)}/export`);
  nameDocument(t("answers.page.title", { name: exported.session.title }));
  main.append(new AnswersPage(exported, new URLSearchParams(location.search).get("student")).element);
  setAttribute(document.documentElement, "data-ready", "");
});
