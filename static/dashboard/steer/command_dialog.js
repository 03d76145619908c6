/**
 * The question before a command: what it means, why it is done, and one button. It stays open until
 * the server has answered. What is refused is told in it and can be corrected. Where no answer came
 * nobody knows whether it was done: then nothing can be changed any more, only asked again, which
 * does it at most once.
 */

import { ApiError } from "../../lib/api.js";
import { ask, cancel } from "../../lib/dialog.js";
import { h, setText, show } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { isUnknown } from "./command.js";

const REASON_MOST = 2_000;

/**
 * @typedef {object} Form what the inside of a dialog may use
 * @property {(possible: boolean) => void} allow the button
 * @property {(message: string) => void} fail say what is wrong
 */

/**
 * @param {import("./steer.js").Steer} steer
 * @param {string} name of the command
 * @param {string[] | null} studentIds null: all
 * @param {object} what
 * @param {(form: Form) => (Node | null)[]} what.inside
 * @param {() => Record<string, any> | null} what.fields what is to be sent; null: not yet, and it was said why
 * @param {string} what.go
 * @param {boolean} [what.danger]
 * @param {boolean} [what.why] whether a reason may be given
 * @param {string | null} [what.word] to be typed, where it cannot be taken back for all
 * @returns {Promise<import("./outcome.js").Outcome | null>} null if it was not to be
 */
export function commandDialog(steer, name, studentIds, { inside, fields, go, danger = false, why = true, word = null }) {
  const send = steer.sender(name, studentIds);
  let open = true;
  const answered = ask(
    steer.title(name, studentIds),
    (/** @type {(value: any) => void} */ done) => {
      let possible = true;
      let busy = false;
      const button = h("button", { type: "submit", class: danger ? "main danger" : "main" }, go);
      const error = h("p", { class: "error", role: "alert" });
      const reason = h("input", { maxlength: REASON_MOST, autocomplete: "off" });
      const typed = h("input", { autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
      const fits = () => word === null || typed.value.trim().toLocaleLowerCase() === word.toLocaleLowerCase();
      const settle = () => {
        button.disabled = busy || !possible || !fits();
      };
      const form = {
        allow: (/** @type {boolean} */ yes) => {
          possible = yes;
          settle();
        },
        fail: (/** @type {string} */ message) => setText(error, message),
      };
      typed.addEventListener("input", settle);
      const asked = h("fieldset", { class: "stack" }, ...inside(form));
      if (why) asked.append(h("label", { class: "field" }, t("steer.reason"), reason));
      if (word !== null) asked.append(h("label", { class: "field" }, t("live.typed", { word }), typed));
      const unknown = h("p", { class: "notice unknown", hidden: true }, t("steer.unknown"));

      const submit = async (/** @type {Event} */ event) => {
        event.preventDefault();
        if (busy || !possible || !fits()) return;
        form.fail("");
        const given = fields();
        if (given === null) return;
        busy = true;
        settle();
        const asking = () => send(why ? { ...given, reason: reason.value.trim() } : given);
        try {
          done(await asking());
        } catch (failure) {
          if (!(failure instanceof ApiError)) throw failure;
          // Who closed the dialog meanwhile is told, too.
          if (!open) steer.failed(name, failure, asking);
          if (isUnknown(failure)) {
            asked.disabled = true;
            show(unknown, true);
            setText(button, t("steer.again"));
          }
          form.fail(sentence(failure));
        } finally {
          busy = false;
          settle();
        }
      };
      settle();
      const row = h("div", { class: "row" }, button, cancel(() => done(null)));
      return [h("form", { class: "stack", novalidate: true, onsubmit: submit }, asked, unknown, error, row)];
    },
    null,
  );
  return answered.finally(() => {
    open = false;
  });
}

/**
 * @param {InstanceType<typeof ApiError>} error
 * @returns {string}
 */
export function sentence(error) {
  return error.status === 0 ? t("app.unreachable") : error.message || t("app.failed");
}

/**
 * What changes nothing of what is asked, only says what it is about.
 * @param {string} text
 */
export function told(text) {
  return h("p", {}, text);
}
