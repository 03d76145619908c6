/** The test itself: the passage on one side, one question on the other, the way through below. */

import { h, setAttribute, show } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { t } from "../words/index.js";
import { HighlightTools } from "./highlight_tools.js";
import { KeyboardMarking } from "./keyboard_marking.js";
import { Marks } from "./marks.js";
import { Navigator } from "./navigator.js";
import { PassageView } from "./passage_view.js";
import { progress } from "./progress.js";
import { questionView } from "./question_view.js";

export class TestView {
  /**
   * @param {import("../client/client.js").Client} client
   * @param {any} test
   * @param {Marks} marks
   * @param {HTMLElement} foot what stands below the question
   */
  constructor(client, test, marks, foot) {
    this.client = client;
    this.test = test;
    this.marks = marks;
    this.locked = false;
    const total = test.questions.length;
    this.questions = test.questions.map((/** @type {any} */ question, /** @type {number} */ i) =>
      questionView(question, i + 1, total, (value, holdMs) => {
        this.questions[i].tell("");
        client.answer(question.id, value, holdMs);
      }),
    );
    /** @type {Map<string, PassageView>} */
    this.passages = new Map();
    for (const passage of test.passages) {
      const view = new PassageView(passage, () => this.marking.begin(view));
      this.passages.set(passage.id, view);
    }
    /** @type {string | null} */
    this.passageId = test.passages[0]?.id ?? null;
    this.navigator = new Navigator(test.questions, (i) => this.go(i, true));
    this.back = h("button", { type: "button", onclick: () => this.go(this.index - 1, true) }, shape("back"), t("question.back"));
    this.next = h("button", { type: "button", class: "main", onclick: () => this.go(this.index + 1, true) }, t("question.next"), shape("next"));
    this.flag = h("button", { type: "button", title: t("question.flag.label"), onclick: () => this.toggleFlag() }, shape("flag"), t("question.flag"));
    this.tabs = test.passages.map((/** @type {any} */ passage) =>
      h("button", { type: "button", class: "tab", onclick: () => this.showPassage(passage.id) }, passage.title),
    );
    this.passagePane = h(
      "div",
      { class: "pane passages", id: "pane-passage", tabindex: 0, role: "region", "aria-label": t("pane.passage") },
      this.tabs.length > 1 ? h("div", { class: "tabs row" }, ...this.tabs) : null,
      ...[...this.passages.values()].map(({ element }) => element),
    );
    this.questionPane = h(
      "div",
      { class: "pane work", id: "pane-question" },
      ...this.questions.map((/** @type {any} */ { element }) => element),
      h("div", { class: "row ways" }, this.back, this.flag, h("span", { class: "push" }), this.next),
      this.navigator.element,
      foot,
    );
    this.panes = h("div", { class: "panes" }, this.passages.size > 0 ? this.passagePane : null, this.questionPane);
    this.tools = new HighlightTools({
      passage: () => (this.passageId === null ? null : (this.passages.get(this.passageId) ?? null)),
      highlights: () => client.state.attempt.highlighted_text,
      save: (highlight) => client.highlight(highlight),
      remove: (id) => client.removeHighlight(id),
      locked: () => this.locked,
    });
    this.marking = new KeyboardMarking({ highlights: () => client.state.attempt.highlighted_text, tools: this.tools });
    this.element = h("main", { class: "test", id: "content" }, this.switcher(), this.panes, this.tools.element, this.marking.element);
    const at = test.questions.findIndex((/** @type {any} */ { id }) => id === marks.current);
    this.index = 0;
    this.go(Math.max(0, at), false);
  }

  /** On a phone the two panes are beside each other, one swipe away; these buttons do the same. */
  switcher() {
    if (this.passages.size === 0) return null;
    const { panes, passagePane, questionPane } = this;
    const to = (/** @type {HTMLElement} */ pane, /** @type {string} */ name) => {
      const go = () => panes.scrollTo({ left: pane.offsetLeft - panes.offsetLeft, behavior: "smooth" });
      return h("button", { type: "button", onclick: go }, name);
    };
    const buttons = [to(passagePane, t("pane.passage")), to(questionPane, t("pane.question"))];
    const tell = () => {
      const second = panes.scrollLeft > panes.clientWidth / 2;
      for (const [i, button] of buttons.entries()) setAttribute(button, "aria-pressed", String(second === (i === 1)));
    };
    panes.addEventListener("scroll", tell, { passive: true });
    tell();
    return h("div", { class: "switcher", role: "group", "aria-label": t("pane.label") }, ...buttons);
  }

  /**
   * @param {number} index
   * @param {boolean} focus
   */
  go(index, focus) {
    this.client.flush(true);
    this.index = Math.max(0, Math.min(index, this.questions.length - 1));
    const question = this.test.questions[this.index];
    if (!question) return;
    this.marks.current = question.id;
    this.client.at(question.id);
    for (const [i, { element }] of this.questions.entries()) show(element, i === this.index);
    this.back.disabled = this.index === 0;
    this.next.disabled = this.index === this.questions.length - 1;
    if (question.passage_id && this.passages.has(question.passage_id)) this.showPassage(question.passage_id);
    this.draw();
    if (focus) this.questions[this.index].heading.focus();
  }

  /** @param {string} id */
  showPassage(id) {
    this.passageId = id;
    for (const [passageId, { element }] of this.passages) show(element, passageId === id);
    for (const [i, tab] of this.tabs.entries()) setAttribute(tab, "aria-pressed", String(this.test.passages[i].id === id));
  }

  toggleFlag() {
    this.marks.toggle(this.test.questions[this.index].id);
    this.draw();
  }

  /**
   * Nothing can be changed any more, or just now.
   * @param {boolean} locked
   */
  lock(locked) {
    if (locked && !this.locked) {
      this.tools.close();
      this.marking.end();
    }
    this.locked = locked;
    this.draw();
  }

  draw() {
    const { attempt } = this.client.state;
    if (!attempt) return;
    for (const [i, view] of this.questions.entries()) {
      view.update(attempt.answers[this.test.questions[i].id]?.value ?? null, this.locked);
    }
    for (const [id, view] of this.passages) {
      const mine = attempt.highlighted_text.filter((/** @type {any} */ one) => one.passage_id === id);
      const drawn = view.update(mine, this.doing(mine), this.locked);
      if (drawn && this.marking.view === view) this.marking.show();
    }
    this.navigator.update(this.index, this.progress());
    setAttribute(this.flag, "aria-pressed", String(this.marks.flagged.has(this.test.questions[this.index]?.id)));
  }

  /** @param {any[]} highlights of one passage */
  doing(highlights) {
    return {
      remove: (/** @type {string} */ id) => this.client.removeHighlight(id),
      edit: (/** @type {string} */ id, /** @type {HTMLElement} */ near) => {
        this.tools.edit(highlights.filter((one) => one.id === id), near, () => near.focus());
        this.tools.focus();
      },
    };
  }

  progress() {
    return progress(this.test, this.client.state.attempt, this.marks.flagged);
  }

  /**
   * The server would not take this.
   * @param {{op: any, code: string, message: string}} refusal
   */
  refused({ op, code, message }) {
    const i = this.test.questions.findIndex((/** @type {any} */ { id }) => id === op.question_id);
    if (op.type === "answer" && i >= 0) {
      this.questions[i].tell(code === "late" ? t("question.late") : t("question.refused", { message }));
    }
  }
}
