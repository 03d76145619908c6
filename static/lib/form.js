/** Fields with their errors beside them. */

import { h, setAttribute, setText } from "./dom.js";

let count = 0;

/**
 * @param {string} label
 * @param {HTMLElement} input
 * @param {string} [hint]
 * @returns {{element: HTMLElement, input: any, fail: (message: string) => void}}
 */
export function field(label, input, hint = "") {
  count += 1;
  const id = `field-${count}`;
  const error = h("span", { class: "error small", id: `${id}-error`, role: "alert" });
  const help = hint ? h("span", { class: "soft small", id: `${id}-hint` }, hint) : null;
  input.id = id;
  setAttribute(input, "aria-describedby", [help && `${id}-hint`, `${id}-error`].filter(Boolean).join(" "));
  const fail = (/** @type {string} */ message) => {
    setText(error, message);
    setAttribute(input, "aria-invalid", message ? "true" : null);
  };
  input.addEventListener("input", () => fail(""));
  const element = h(
    "div",
    { class: "stack tight" },
    h("label", { class: "field", for: id }, label),
    input,
    help,
    error,
  );
  return { element, input, fail };
}
