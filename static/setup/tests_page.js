/** `/tests`: the tests; a new one, written or out of a file. */

import { h, setAttribute, setText } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { t } from "../words/index.js";
import { base64Of, onChosen, saveFile } from "./save_file.js";
import { attempt, staffPage } from "./staff_page.js";

const BIGGEST_FILE = 1_400_000; // bytes; as base64 it still fits a request

staffPage({ title: t("setup.nav.tests"), place: "tests" }, async (api, main) => {
  const tests = await api.all("/api/tests");
  const notice = h("p", { class: "error", role: "alert" });
  const write = h("a", { class: "button main", href: "/tests/new" }, t("setup.test.new"));
  main.append(h("div", { class: "row" }, h("h1", {}, t("setup.nav.tests")), h("span", { class: "push" }), write), notice, list(api, tests, notice), fromFile(api));
  setAttribute(document.documentElement, "data-ready", "");
});

/**
 * @param {import("../lib/api.js").Api} api
 * @param {any[]} tests
 * @param {HTMLElement} notice
 */
function list(api, tests, notice) {
  if (tests.length === 0) return h("p", {}, t("setup.tests.none"));
  const copy = async (/** @type {string} */ id) => {
    const made = await attempt(notice, async () => {
      const { title, passages, questions } = await api.get(`/api/tests/${id}`);
      return api.post("/api/tests", { title: t("setup.test.copy.title", { title }), passages, questions });
    });
    if (made) location.assign(`/tests/${made.id}`);
  };
  const tool = (/** @type {string} */ name, /** @type {string} */ title, /** @type {() => void} */ work) =>
    h("button", { type: "button", class: "bare", "aria-label": t(`setup.test.${name}.label`, { title }), onclick: work }, t(`setup.test.${name}`));
  return h(
    "ul",
    { class: "card flush rows" },
    ...tests.map(({ id, title, total }) =>
      h(
        "li",
        { class: "row" },
        h("a", { href: `/tests/${id}` }, title),
        h("span", { class: "soft push" }, t("setup.test.count", { count: total })),
        tool("copy", title, () => copy(id)),
        tool("export", title, () => attempt(notice, () => saveFile(api, `/api/tests/${id}/export`))),
      ),
    ),
  );
}

/** @param {import("../lib/api.js").Api} api */
function fromFile(api) {
  const file = field(t("setup.test.file"), h("input", { type: "file", accept: ".json,application/json" }), t("setup.test.file.hint"));
  const notice = h("p", { class: "error", role: "alert" });
  const told = h("p", { role: "status" });
  const errors = h("ul", { class: "line-errors" });
  const button = h("button", { class: "main", type: "submit", disabled: true }, t("setup.test.file.go"));
  /** @type {any} */
  let read = null;
  let name = "";

  const look = async () => {
    const [chosen] = file.input.files;
    read = null;
    button.disabled = true;
    setText(told, "");
    errors.replaceChildren();
    if (!chosen) return;
    if (chosen.size > BIGGEST_FILE) {
      file.fail(t("setup.test.file.big"));
      return;
    }
    name = chosen.name.replace(/\.json$/i, "");
    const answer = await attempt(notice, async () => api.post("/api/test-files", { file: await base64Of(chosen) }));
    if (!answer) return;
    errors.replaceChildren(
      ...answer.errors.map((/** @type {any} */ { line, field: place, message }) =>
        h("li", {}, h("strong", {}, t("setup.import.at", { line })), " ", message, " ", place ? h("code", {}, place) : null),
      ),
    );
    if (answer.errors.length > 0) return;
    read = answer;
    button.disabled = false;
    setText(told, t("setup.test.file.read", { title: answer.title ?? name, count: answer.questions.length }));
  };
  onChosen(file.input, look);

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!read) return;
    button.disabled = true;
    const body = { title: read.title ?? name, passages: read.passages, questions: read.questions };
    const made = await attempt(notice, () => api.post("/api/tests", body));
    button.disabled = false;
    if (made) location.assign(`/tests/${made.id}`);
  };
  return h(
    "form",
    { class: "card stack", novalidate: true, onsubmit: submit },
    h("h2", {}, t("setup.test.file.title")),
    file.element,
    notice,
    told,
    errors,
    h("div", {}, button),
  );
}
