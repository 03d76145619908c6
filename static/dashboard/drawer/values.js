/** An answer's value on the page: text whole, choices one below the other. */

import { h } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { valueWords } from "../answers/value_words.js";

/**
 * @param {any} question null while the test is not known: then the value as it is sent
 * @param {any} value
 * @returns {HTMLElement}
 */
export function valueView(question, value) {
  const words = question ? valueWords(question, value) : [JSON.stringify(value)];
  if (words.length === 0) return h("p", { class: "soft" }, t("drawer.answers.empty"));
  if (question?.type === "multiple_choice") return h("ul", { class: "value" }, ...words.map((text) => h("li", {}, text)));
  return h("p", { class: "value pre" }, words[0]);
}
