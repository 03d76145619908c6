/** The editor of a test: title, passages and questions of all types. */

import { h, setText } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { t } from "../words/index.js";
import { questionEditor } from "./question_editor.js";
import { freeId, moved, newQuestion, problems, toSend, withoutPassage } from "./test_draft.js";

const LONGEST_TITLE = 255;

export class TestEditor {
  /** @param {{title: string, passages: any[], questions: any[]}} test */
  constructor(test) {
    this.draft = { title: test.title, passages: test.passages, questions: test.questions.map(withChoices) };
    this.passages = h("div", { class: "stack" });
    this.questions = h("ol", { class: "questions" });
    this.title = field(t("setup.test.title"), h("input", { maxlength: LONGEST_TITLE, autocomplete: "off", value: test.title }));
    this.title.input.addEventListener("input", () => {
      this.draft.title = this.title.input.value;
    });
    this.element = h(
      "fieldset",
      { class: "stack wide" },
      h("legend", { class: "only-heard" }, t("setup.test.legend")),
      h("div", { class: "card stack" }, this.title.element),
      h("section", { class: "stack" }, h("h2", {}, t("setup.test.passages")), this.passages, this.adder("setup.test.passage.add", () => this.addPassage())),
      h("section", { class: "stack" }, h("h2", {}, t("setup.test.questions")), this.questions, this.adder("setup.test.question.add", () => this.addQuestion())),
    );
    this.draw();
  }

  /** @param {string} words @param {() => void} work */
  adder(words, work) {
    return h("div", {}, h("button", { type: "button", onclick: work }, t(words)));
  }

  addPassage() {
    this.draft.passages = [...this.draft.passages, { id: freeId("p", this.draft.passages), title: "", text: "" }];
    this.draw();
    this.passages.lastElementChild?.querySelector("input")?.focus();
  }

  addQuestion() {
    this.draft.questions = [...this.draft.questions, newQuestion(this.draft)];
    this.draw();
    this.questions.lastElementChild?.querySelector("textarea")?.focus();
  }

  draw() {
    /** @type {Map<string, (words: string) => void>} */
    this.fails = new Map([["title", this.title.fail]]);
    this.passages.replaceChildren(...this.draft.passages.map((passage) => this.passage(passage)));
    this.questions.replaceChildren(...this.draft.questions.map((question, at) => this.question(question, at)));
  }

  /** @param {any} passage */
  passage(passage) {
    const title = field(t("setup.test.passage.title"), h("input", { maxlength: LONGEST_TITLE, autocomplete: "off", value: passage.title }));
    const text = field(t("setup.test.passage.text"), h("textarea", { rows: 8, value: passage.text }));
    title.input.addEventListener("input", () => {
      passage.title = title.input.value;
      this.nameOptions();
    });
    text.input.addEventListener("input", () => {
      passage.text = text.input.value;
    });
    this.fails.set(`passages.${passage.id}.text`, text.fail);
    const remove = () => {
      this.draft = withoutPassage(this.draft, passage.id);
      this.draw();
    };
    const button = h("button", { type: "button", class: "bare", onclick: remove }, t("setup.test.passage.remove"));
    return h("div", { class: "card stack" }, title.element, text.element, h("div", {}, button));
  }

  /** What passages are called where a question is about one; a new title is there at once. */
  nameOptions() {
    for (const option of this.questions.querySelectorAll("option[data-passage]")) {
      const at = this.draft.passages.findIndex(({ id }) => id === option.value);
      if (at >= 0) setText(option, passageName(this.draft.passages[at], at));
    }
  }

  /** @param {any} question @param {number} at */
  question(question, at) {
    const { passages, questions } = this.draft;
    const move = (/** @type {number} */ by) => {
      this.draft.questions = moved(questions, at, by);
      this.draw();
      const now = this.questions.children[Math.min(Math.max(at + by, 0), questions.length - 1)];
      now?.querySelector(by < 0 ? ".up" : ".down")?.focus();
    };
    const remove = () => {
      this.draft.questions = questions.filter((one) => one !== question);
      this.draw();
    };
    const named = passages.map((passage, n) => ({ id: passage.id, name: passageName(passage, n) }));
    const fails = (/** @type {string} */ part, /** @type {(words: string) => void} */ fail) => this.fails.set(`questions.${question.id}.${part}`, fail);
    return questionEditor(question, { number: at + 1, passages: named, last: at === questions.length - 1, move, remove, fails });
  }

  /** The test to be sent, or null where something is missing; the places say what. */
  filled() {
    for (const fail of this.fails.values()) fail("");
    const wrong = problems(this.draft);
    for (const [place, words] of wrong) this.fails.get(place)?.(t(words));
    if (wrong.size === 0) return toSend(this.draft);
    this.element.querySelector('[aria-invalid="true"]')?.focus();
    return null;
  }
}

/** @param {any} passage @param {number} at */
function passageName(passage, at) {
  return passage.title || t("setup.test.passage.number", { number: at + 1 });
}

/** Every question can become one with choices. @param {any} question */
function withChoices(question) {
  const choices = question.choices.length > 0 ? question.choices : [{ id: "c1", text: "" }, { id: "c2", text: "" }];
  return { ...question, choices };
}
