/**
 * One question and its answer. The shown value follows the state, so what another device wrote or a
 * reload restored appears by itself, and what is being typed is never disturbed: the state already
 * holds it.
 */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { t } from "../words/index.js";
import { numberOf } from "./progress.js";

/** While someone types, an answer is sent after so long without a keystroke. */
const TYPING_MS = 400;
const TEXT_LIMIT = 20_000;

/**
 * @typedef {{element: HTMLElement, show: (value: any) => void, lock: (locked: boolean) => void}} Control
 * @typedef {(value: unknown, holdMs?: number) => void} Give
 */

/**
 * @param {any} question
 * @param {number} number
 * @param {number} total
 * @param {Give} give
 */
export function questionView(question, number, total, give) {
  const heading = h("h2", { class: "prompt", tabindex: -1, id: `prompt-${question.id}` }, question.prompt);
  const control = CONTROLS[question.type](question, give, heading.id);
  const problem = h("p", { class: "error", role: "alert" });
  const element = h(
    "section",
    { class: "question", "data-question": question.id },
    h("p", { class: "soft small" }, t("question.of", { number, total })),
    heading,
    control.element,
    problem,
  );
  return {
    element,
    heading,
    /** @param {any} value @param {boolean} locked */
    update(value, locked) {
      control.show(value);
      control.lock(locked);
    },
    /** @param {string} words */
    tell(words) {
      setText(problem, words);
    },
  };
}

/** @type {Record<string, (question: any, give: Give, labelledBy: string) => Control>} */
const CONTROLS = {
  single_choice: (question, give, labelledBy) => choices(question, give, labelledBy, false),
  multiple_choice: (question, give, labelledBy) => choices(question, give, labelledBy, true),
  text: textControl,
  number: numberControl,
};

/**
 * @param {any} question
 * @param {Give} give
 * @param {string} labelledBy
 * @param {boolean} several
 * @returns {Control}
 */
function choices(question, give, labelledBy, several) {
  const name = `choice-${question.id}`;
  /** @type {HTMLInputElement[]} */
  const inputs = question.choices.map((/** @type {any} */ { id }) =>
    h("input", { type: several ? "checkbox" : "radio", name, value: id, onchange: () => changed() }),
  );
  const picked = () => inputs.filter(({ checked }) => checked).map(({ value }) => value);
  const changed = () => give(several ? picked() : (picked()[0] ?? null));
  const clear = h("button", { type: "button", class: "bare clear", onclick: () => give(several ? [] : null) }, t("question.clear"));
  const labels = question.choices.map((/** @type {any} */ { text }, /** @type {number} */ i) =>
    h("label", { class: "choice" }, inputs[i], h("span", {}, text)),
  );
  const hint = h("p", { class: "soft small" }, t(several ? "question.multiple" : "question.single"));
  return {
    element: h("div", { class: "choices", role: several ? "group" : "radiogroup", "aria-labelledby": labelledBy }, hint, ...labels, clear),
    show(value) {
      const chosen = new Set(Array.isArray(value) ? value : [value]);
      for (const input of inputs) if (input.checked !== chosen.has(input.value)) input.checked = chosen.has(input.value);
      clear.classList.toggle("unseen", picked().length === 0);
    },
    lock(locked) {
      for (const input of [...inputs, clear]) if (input.disabled !== locked) input.disabled = locked;
    },
  };
}

/**
 * @param {any} _question
 * @param {Give} give
 * @param {string} labelledBy
 * @returns {Control}
 */
function textControl(_question, give, labelledBy) {
  const input = h("textarea", {
    rows: 7,
    maxlength: TEXT_LIMIT,
    "aria-labelledby": labelledBy,
    oninput: () => give(input.value, TYPING_MS),
    onblur: () => {
      if (input.value !== shown) give(input.value);
    },
  });
  let shown = "";
  return {
    element: input,
    show(value) {
      shown = value ?? "";
      if (input.value !== shown) input.value = shown;
    },
    lock: locker(input),
  };
}

/**
 * @param {any} question
 * @param {Give} give
 * @param {string} labelledBy
 * @returns {Control}
 */
function numberControl(question, give, labelledBy) {
  const hintId = `hint-${question.id}`;
  const wrong = h("p", { class: "error small", role: "alert" }, t("question.number.wrong"));
  const input = h("input", {
    inputmode: "decimal",
    autocomplete: "off",
    class: "number",
    "aria-labelledby": labelledBy,
    "aria-describedby": hintId,
    oninput: () => {
      const number = numberOf(input.value);
      check(number);
      if (number !== undefined) give(number, TYPING_MS);
    },
  });
  const check = (/** @type {number | null | undefined} */ number) => {
    show(wrong, number === undefined);
    setAttribute(input, "aria-invalid", number === undefined ? "true" : null);
  };
  check(null);
  /** @type {number | null | undefined} */
  let shown;
  return {
    element: h("div", { class: "stack tight" }, input, h("p", { class: "soft small", id: hintId }, t("question.number.hint")), wrong),
    show(value) {
      // Something typed that is no number stays until the stored value itself changes.
      if (numberOf(input.value) !== (value ?? null) && (shown !== value || numberOf(input.value) !== undefined)) {
        input.value = value === null || value === undefined ? "" : String(value);
        check(value);
      }
      shown = value;
    },
    lock: locker(input),
  };
}

/** @param {HTMLInputElement | HTMLTextAreaElement} input */
function locker(input) {
  return (/** @type {boolean} */ locked) => {
    if (input.readOnly !== locked) input.readOnly = locked;
  };
}
