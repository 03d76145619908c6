/** The staff's bar on top of a page: where one is, who one is, the way out. */

import { t } from "../words/index.js";
import { h } from "./dom.js";
import { languageChoice } from "./language_choice.js";
import { current, forget } from "./login.js";

/**
 * @param {...Node} trail what follows the name of the application
 * @returns {HTMLElement}
 */
export function bar(...trail) {
  const login = current("staff");
  return h(
    "header",
    { class: "bar" },
    h("a", { class: "skip", href: "#content" }, t("app.skip")),
    h("a", { class: "brand", href: "/sittings" }, t("app.name")),
    h("nav", { class: "row" }, ...trail),
    h("span", { class: "push soft" }, login?.user.name ?? ""),
    languageChoice(),
    h("button", { class: "bare", type: "button", onclick: signOut }, t("app.sign_out")),
  );
}

function signOut() {
  forget("staff");
  location.assign("/");
}

/** Where to go to sign in, and come back from. */
export function signIn() {
  const back = location.pathname === "/sittings" ? "" : `?back=${encodeURIComponent(location.pathname + location.search)}`;
  location.replace(`/${back}`);
}
