/** Modal questions, on the browser's own `<dialog>`: focus is kept in, Escape means no. */

import { t } from "../words/index.js";
import { h } from "./dom.js";

/**
 * Show a dialog until it is answered.
 * @template T
 * @param {string} title
 * @param {(done: (value: T) => void) => (Node | null)[]} inside
 * @param {T} dismissed what Escape means
 * @returns {Promise<T>}
 */
export function ask(title, inside, dismissed) {
  return new Promise((resolve) => {
    const opener = /** @type {HTMLElement | null} */ (document.activeElement);
    const done = (/** @type {T} */ value) => {
      dialog.close();
      dialog.remove();
      if (opener?.isConnected) opener.focus();
      resolve(value);
    };
    const heading = h("h2", { id: "dialog-title" }, title);
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
    dialog.append(h("div", { class: "stack" }, heading, ...inside(done)));
    dialog.addEventListener("cancel", (/** @type {Event} */ event) => {
      event.preventDefault();
      done(dismissed);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/**
 * A step that cannot be taken back is confirmed by typing a word.
 * @param {{title: string, text: string, word: string, go: string}} what
 * @returns {Promise<boolean>}
 */
export function confirmTyped({ title, text, word, go }) {
  return ask(
    title,
    (done) => {
      const input = h("input", { autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
      const button = h("button", { class: "danger main", type: "submit", disabled: true }, go);
      const fits = () => input.value.trim().toLocaleLowerCase() === word.toLocaleLowerCase();
      input.addEventListener("input", () => {
        button.disabled = !fits();
      });
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        if (fits()) done(true);
      };
      return [
        h("p", {}, text),
        h(
          "form",
          { class: "stack", onsubmit: submit },
          h("label", { class: "field" }, t("live.typed", { word }), input),
          h("div", { class: "row" }, button, cancel(() => done(false))),
        ),
      ];
    },
    false,
  );
}

/**
 * A text to write; null if it was not to be sent.
 * @param {{title: string, label: string, go: string, limit: number, needed: boolean}} what
 * @returns {Promise<string | null>}
 */
export function askText({ title, label, go, limit, needed }) {
  return ask(
    title,
    (/** @type {(value: string | null) => void} */ done) => {
      const input = h("textarea", { rows: 4, maxlength: limit, required: needed });
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        if (input.value.trim() || !needed) done(input.value.trim());
        else input.focus();
      };
      return [
        h(
          "form",
          { class: "stack", novalidate: true, onsubmit: submit },
          h("label", { class: "field" }, label, input),
          h("div", { class: "row" }, h("button", { class: "main", type: "submit" }, go), cancel(() => done(null))),
        ),
      ];
    },
    null,
  );
}

/** @param {() => void} work */
export function cancel(work) {
  return h("button", { type: "button", onclick: work }, t("app.cancel"));
}
