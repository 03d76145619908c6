/** One question while it is being written. */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { t } from "../words/index.js";
import { TYPES, freeId, hasChoices } from "./test_draft.js";

/**
 * @param {any} question changed as one writes
 * @param {object} place
 * @param {number} place.number
 * @param {boolean} place.last
 * @param {{id: string, name: string}[]} place.passages
 * @param {(by: number) => void} place.move
 * @param {() => void} place.remove
 * @param {(part: string, fail: (words: string) => void) => void} place.fails takes how an error is shown
 * @returns {HTMLElement}
 */
export function questionEditor(question, { number, last, passages, move, remove, fails }) {
  const types = TYPES.map((type) => h("option", { value: type }, t(`setup.test.type.${type}`)));
  const type = field(t("setup.test.type"), h("select", {}, ...types));
  type.input.value = question.type;
  const prompt = field(t("setup.test.prompt"), h("textarea", { rows: 2, value: question.prompt }));
  prompt.input.addEventListener("input", () => {
    question.prompt = prompt.input.value;
  });
  fails("prompt", prompt.fail);

  const about = field(
    t("setup.test.about"),
    h("select", {}, h("option", { value: "" }, t("setup.test.about.none")), ...passages.map(({ id, name }) => h("option", { value: id, "data-passage": "" }, name))),
  );
  about.input.value = question.passage_id ?? "";
  about.input.addEventListener("change", () => {
    question.passage_id = about.input.value || null;
  });
  show(about.element, passages.length > 0);

  const choices = choicesEditor(question, fails);
  const chosen = () => {
    question.type = type.input.value;
    show(choices, hasChoices(question.type));
  };
  type.input.addEventListener("change", chosen);
  chosen();

  const tool = (/** @type {string} */ name, /** @type {() => void} */ work, off = false) =>
    h(
      "button",
      { type: "button", class: `bare ${name}`, disabled: off, "aria-label": t(`setup.test.question.${name}.label`, { number }), onclick: work },
      t(`setup.test.question.${name}`),
    );
  const name = t("setup.test.question.number", { number });
  const tools = [tool("up", () => move(-1), number === 1), tool("down", () => move(1), last), tool("remove", remove)];
  const inside = h(
    "div",
    { class: "stack", role: "group", "aria-label": name },
    h("div", { class: "row" }, h("h3", {}, name), h("span", { class: "push" }), ...tools),
    prompt.element,
    h("div", { class: "fields" }, type.element, about.element),
    choices,
  );
  return h("li", { class: "card", "data-question": question.id }, inside);
}

/**
 * @param {any} question
 * @param {(part: string, fail: (words: string) => void) => void} fails
 */
function choicesEditor(question, fails) {
  const list = h("ul", { class: "choices" });
  const error = h("p", { class: "error small", role: "alert" });
  const draw = () => list.replaceChildren(...question.choices.map((/** @type {any} */ choice, /** @type {number} */ at) => row(choice, at)));
  const row = (/** @type {any} */ choice, /** @type {number} */ at) => {
    const input = h("input", { value: choice.text, maxlength: 2000, autocomplete: "off", "aria-label": t("setup.test.choice.number", { number: at + 1 }) });
    input.addEventListener("input", () => {
      choice.text = input.value;
      fail("");
    });
    input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      event.preventDefault();
      if (at === question.choices.length - 1) add();
      else list.children[at + 1].querySelector("input")?.focus();
    });
    const out = () => {
      question.choices = question.choices.filter((/** @type {any} */ one) => one !== choice);
      draw();
    };
    const label = t("setup.test.choice.remove.label", { number: at + 1 });
    const button = h("button", { type: "button", class: "bare", "aria-label": label, onclick: out }, t("setup.test.question.remove"));
    return h("li", { class: "choice-row" }, input, button);
  };
  const fail = (/** @type {string} */ words) => {
    setText(error, words);
    for (const input of list.querySelectorAll("input")) setAttribute(input, "aria-invalid", words && !input.value.trim() ? "true" : null);
  };
  const add = () => {
    question.choices = [...question.choices, { id: freeId("c", question.choices), text: "" }];
    draw();
    list.lastElementChild?.querySelector("input")?.focus();
  };
  fails("choices", fail);
  draw();
  const more = h("div", {}, h("button", { type: "button", class: "bare", onclick: add }, t("setup.test.choice.add")));
  return h("div", { class: "stack", role: "group", "aria-label": t("setup.test.choices") }, h("span", { class: "label" }, t("setup.test.choices")), list, error, more);
}
