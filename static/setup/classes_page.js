/** `/classes`: the classes, and a new one with its students out of a spreadsheet. */

import { h, setAttribute, setText } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { t } from "../words/index.js";
import { attempt, staffPage } from "./staff_page.js";
import { StudentImport } from "./student_import.js";

const LONGEST_NAME = 255;

staffPage({ title: t("setup.nav.classes"), place: "classes" }, async (api, main) => {
  const classes = await api.all("/api/classes");
  main.append(h("h1", {}, t("setup.nav.classes")), list(classes), newClass(api));
  setAttribute(document.documentElement, "data-ready", "");
});

/** @param {any[]} classes */
function list(classes) {
  if (classes.length === 0) return h("p", {}, t("setup.classes.none"));
  const items = [...classes].sort((a, b) => Number(a.status === "ARCHIVED") - Number(b.status === "ARCHIVED"));
  return h(
    "ul",
    { class: "card flush rows" },
    ...items.map(({ id, name, status, student_ids }) =>
      h(
        "li",
        { class: "row" },
        h("a", { href: `/classes/${id}` }, name),
        h("span", { class: "soft push" }, status === "ARCHIVED" ? `${t("setup.class.archived")} · ` : "", t("setup.class.count", { count: student_ids.length })),
      ),
    ),
  );
}

/** @param {import("../lib/api.js").Api} api */
function newClass(api) {
  const name = field(t("setup.class.name"), h("input", { maxlength: LONGEST_NAME, autocomplete: "off" }));
  const students = new StudentImport(api, null);
  const notice = h("p", { class: "error", role: "alert" });
  const button = h("button", { class: "main", type: "submit" }, t("setup.class.make", { count: 0 }));
  students.changed = () => setText(button, t("setup.class.make", { count: students.usable }));
  /** @type {string | null} */
  let made = null; // the class is there, but its students could not be added yet

  const make = async () => {
    made ??= (await api.post("/api/classes", { name: name.input.value.trim() })).id;
    if (students.usable > 0) await students.apply(/** @type {string} */ (made));
    return made;
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (name.input.value.trim() === "") {
      name.fail(t("sittings.new.missing"));
      name.input.focus();
      return;
    }
    button.disabled = true;
    await students.settle();
    const id = await attempt(notice, make, { name });
    button.disabled = false;
    if (id) location.assign(`/classes/${id}`);
  };
  return h(
    "form",
    { class: "card stack", novalidate: true, onsubmit: submit },
    h("h2", {}, t("setup.class.new")),
    name.element,
    students.element,
    notice,
    h("div", {}, button),
  );
}
