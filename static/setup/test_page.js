/** `/tests/new` and `/tests/<id>`: writing a test. */

import { ApiError } from "../lib/api.js";
import { h, setAttribute, setText } from "../lib/dom.js";
import { t } from "../words/index.js";
import { saveFile } from "./save_file.js";
import { attempt, nameDocument, pathPart, staffPage } from "./staff_page.js";
import { TestEditor } from "./test_editor.js";

const EMPTY = { title: "", passages: [], questions: [] };

staffPage({ title: t("setup.nav.tests"), place: "tests" }, async (api, main) => {
  const id = pathPart(1);
  const fresh = id === "new";
  const test = fresh ? EMPTY : await api.get(`/api/tests/${id}`);
  const notice = h("p", { class: "error", role: "alert" });
  const saved = h("p", { role: "status" });
  const editor = new TestEditor(test);
  if (fresh) editor.addQuestion();
  const heading = h("h1", {}, fresh ? t("setup.test.new") : test.title);
  nameDocument(fresh ? t("setup.test.new") : test.title);
  let dirty = false;
  const button = h("button", { class: "main", type: "submit" }, t(fresh ? "setup.test.make" : "setup.save"));

  const send = async (/** @type {any} */ body) => {
    if (fresh) return api.post("/api/tests", body);
    return (await api.call("PATCH", `/api/tests/${id}`, body)).json();
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setText(saved, "");
    const body = editor.filled();
    if (!body) {
      setText(notice, t("setup.test.wrong"));
      return;
    }
    button.disabled = true;
    const done = await attempt(notice, () => send(body).catch(explained));
    button.disabled = false;
    if (!done) return;
    dirty = false;
    if (fresh) location.assign(`/tests/${done.id}`);
    setText(heading, done.title);
    setText(saved, t("setup.saved"));
  };
  const form = h(
    "form",
    { class: "stack wide", novalidate: true, onsubmit: submit },
    editor.element,
    h("div", { class: "row save-bar" }, button, saved, notice),
  );
  form.addEventListener("input", () => {
    dirty = true;
    setText(saved, "");
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
  const take = () => attempt(notice, () => saveFile(api, `/api/tests/${id}/export`));
  const out = fresh ? null : h("button", { type: "button", onclick: take }, t("setup.test.export"));
  main.append(h("div", { class: "row" }, heading, h("span", { class: "push" }), out), form);
  setAttribute(document.documentElement, "data-ready", "");
});

/** A test that somebody has begun cannot be changed: said with what can be done instead. @param {unknown} error */
function explained(error) {
  if (error instanceof ApiError && error.code === "in_use") {
    throw new ApiError(error.status, { code: error.code, detail: t("setup.test.in_use") });
  }
  throw error;
}
