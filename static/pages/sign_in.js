/** `/` and `/join#<token>`: who are you, and on to where you belong. */

import { ApiError, login } from "../lib/api.js";
import { h, setText, show } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { languageChoice } from "../lib/language_choice.js";
import { current } from "../lib/login.js";
import { t } from "../words/index.js";

const token = location.pathname === "/join" ? location.hash.slice(1) : "";
const back = new URLSearchParams(location.search).get("back");
const STAFF_PAGES = /^\/(sittings|classes|tests)(\/|$)/;

const code = field(
  t("signin.code"),
  h("input", { autocomplete: "off", autocapitalize: "characters", spellcheck: "false", maxlength: 64 }),
  t("signin.code.hint"),
);
const email = field(t("signin.email"), h("input", { type: "email", autocomplete: "username" }));
const password = field(
  t("signin.password"),
  h("input", { type: "password", autocomplete: "current-password" }),
);
const notice = h("p", { class: "error", role: "alert" }, back ? t("signin.again") : "");

/** @param {import("../lib/login.js").Login} who */
function goOn({ user, sessionId }) {
  if (user.role === "STUDENT") location.replace(sessionId ? `/student/${sessionId}` : "/student");
  else location.replace(back && STAFF_PAGES.test(back) ? back : "/sittings");
}

/**
 * @param {Parameters<typeof login>[0]} credentials
 * @param {(message: string) => void} fail
 * @param {string} wrong
 */
async function attempt(credentials, fail, wrong) {
  setText(notice, "");
  try {
    goOn(await login(credentials));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 0) setText(notice, t("app.unreachable"));
    else if (error.status === 429) fail(t("signin.too_many"));
    else if (error.status < 500) fail(wrong);
    else setText(notice, error.message || t("app.failed"));
  }
}

/**
 * @param {string} title
 * @param {() => Promise<void>} send
 * @param {...HTMLElement} inside
 */
function form(title, send, ...inside) {
  const button = /** @type {HTMLButtonElement} */ (inside.at(-1));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    button.disabled = true;
    await send().finally(() => {
      button.disabled = false;
    });
  };
  return h(
    "form",
    { class: "card stack", novalidate: true, method: "post", onsubmit: submit },
    h("h2", {}, title),
    ...inside,
  );
}

async function withCode() {
  const link = code.input.value.trim();
  if (link) await attempt({ link }, code.fail, t("signin.code.wrong"));
  else code.fail(t("signin.code.missing"));
}

async function withPassword() {
  if (!email.input.value.trim()) email.fail(t("signin.email.missing"));
  if (!password.input.value) password.fail(t("signin.password.missing"));
  if (!email.input.value.trim() || !password.input.value) return;
  const credentials = { email: email.input.value.trim(), password: password.input.value };
  await attempt(credentials, password.fail, t("signin.password.wrong"));
}

const forms = h(
  "div",
  { class: "signin-forms" },
  form(
    t("signin.student"),
    withCode,
    code.element,
    h("button", { class: "main", type: "submit" }, t("signin.code.go")),
  ),
  form(
    t("signin.staff"),
    withPassword,
    email.element,
    password.element,
    h("button", { class: "main", type: "submit" }, t("signin.go")),
  ),
);
const waiting = h("p", { class: "soft", role: "status", hidden: true }, t("signin.link"));

document.title = `${t("signin.title")} · ${t("app.name")}`;
/** @type {HTMLElement} */ (document.getElementById("app")).append(
  h("main", { class: "signin" }, h("h1", {}, t("app.name")), notice, waiting, signedIn(), forms, languageChoice()),
);

/** Whoever is signed in here already may just go on. */
function signedIn() {
  const known = [current("staff"), current("student")].filter((one) => one && one.until > Date.now());
  if (known.length === 0 || token) return null;
  const ways = known.map((one) =>
    h("button", { class: "bare", type: "button", onclick: () => goOn(one) }, t("signin.known", { name: one.user.name })),
  );
  return h("p", { class: "row" }, ...ways);
}

async function begin() {
  if (token) {
    show(forms, false);
    show(waiting, true);
    history.replaceState(null, "", "/join");
    await attempt({ link: token }, (text) => setText(notice, text), t("signin.link.wrong"));
    show(forms, true);
    show(waiting, false);
  }
}

begin();
