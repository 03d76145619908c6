/** Writing to one, some or all; the answer to a raised hand is written here too. */

import { h, show } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { commandDialog } from "./command_dialog.js";
import { keepQuickTexts, quickTexts, withText } from "./quick_texts.js";
import { nameList, nameOf } from "./names.js";

const MOST = 2_000; // characters, as the server takes them

/**
 * @param {import("./steer.js").Steer} steer
 * @param {string[] | null} studentIds null: all, who come later too
 * @param {{quote?: string, lower?: boolean}} options `quote`: what was asked, sent along; `lower`: their
 *   hands are up
 */
export async function messageDialog(steer, studentIds, { quote = "", lower = false }) {
  const input = h("textarea", { rows: 3, maxlength: MOST });
  const keep = h("input", { type: "checkbox" });
  const lowered = h("input", { type: "checkbox", checked: true });
  const texts = h("div", { class: "row quick-texts", role: "group", "aria-label": t("steer.message.quick") });
  const quoted = quote && t("steer.message.quoted", { text: quote });
  const written = () => [quoted, input.value.trim()].filter(Boolean).join("\n");
  const draw = () => {
    const all = kept();
    texts.replaceChildren(...all.map((text) => chip(text)));
    show(texts, all.length > 0);
  };
  const chip = (/** @type {string} */ text) =>
    h(
      "span",
      { class: "quick-text" },
      h("button", { type: "button", class: "chip-button", onclick: () => put(text) }, text),
      h("button", { type: "button", class: "bare", "aria-label": t("steer.message.forget", { text }), onclick: () => forget(text) }, "×"),
    );
  const put = (/** @type {string} */ text) => {
    input.value = text;
    input.focus();
  };
  const forget = (/** @type {string} */ text) => {
    keepQuickTexts(kept().filter((other) => other !== text));
    draw();
    input.focus();
  };
  draw();
  /** @type {import("./command_dialog.js").Form | null} */
  let form = null;
  const outcome = await commandDialog(steer, "message", studentIds, {
    go: t("steer.message.go"),
    why: false,
    inside: (given) => {
      form = given;
      const names = studentIds?.map((id) => nameOf(steer.look.state, id)) ?? [];
      return [
        names.length > 1 ? h("p", { class: "people-named" }, nameList(names, 12)) : null,
        quoted ? h("blockquote", { class: "asked" }, quote) : null,
        h("label", { class: "field" }, t(quoted ? "steer.message.answer" : "steer.message.text"), input),
        texts,
        h("label", { class: "row small" }, keep, t("steer.message.keep")),
        lower ? h("label", { class: "row small" }, lowered, t("steer.message.lower")) : null,
      ].filter(Boolean);
    },
    fields: () => {
      const text = input.value.trim();
      if (text === "") form?.fail(t("steer.message.empty"));
      else if (written().length > MOST) form?.fail(t("steer.message.long", { count: MOST }));
      else return { text: written() };
      input.focus();
      return null;
    },
  });
  if (outcome && keep.checked) keepQuickTexts(withText(kept(), input.value.trim()));
  if (outcome && lower && lowered.checked) await steer.quietly("lower_hands", studentIds);
  return outcome;
}

function kept() {
  return quickTexts([t("steer.quick.minutes"), t("steer.quick.quiet"), t("steer.quick.here")]);
}
