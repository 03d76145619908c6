/** A choice of the pages' language, each named in itself. The page is loaded anew in it. */

import { chooseLanguage } from "../words/choice.js";
import { CATALOGUES, language, t } from "../words/index.js";
import { h } from "./dom.js";

/** @returns {HTMLElement} */
export function languageChoice() {
  const options = Object.entries(CATALOGUES).map(([tag, { name, language: of }]) =>
    h("option", { value: tag, lang: of, selected: of === language() }, name),
  );
  const choose = () => {
    chooseLanguage(select.value);
    location.reload();
  };
  const select = h("select", { class: "language", "aria-label": t("app.language"), onchange: choose }, ...options);
  return select;
}
