/** `/classes/<id>`: a class: its name, its students, more of them, and the end of it. */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { t } from "../words/index.js";
import { attempt, confirmed, nameDocument, pathPart, staffPage } from "./staff_page.js";
import { StudentImport } from "./student_import.js";

const LONGEST_NAME = 255;

class ClassPage {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {any} schoolClass
   */
  constructor(api, schoolClass) {
    this.api = api;
    this.it = schoolClass;
    this.path = `/api/classes/${schoolClass.id}`;
    this.heading = h("h1", {}, schoolClass.name);
    this.notice = h("p", { class: "error", role: "alert" });
    this.told = h("p", { role: "status" });
    this.list = h("ul", { class: "card flush rows" });
    this.count = h("h2", {});
    this.archive = h("button", { type: "button", onclick: () => this.toggleArchived() });
    this.element = h(
      "div",
      { class: "stack wide" },
      this.heading,
      this.notice,
      this.told,
      h("section", { class: "stack" }, this.count, this.list),
      this.more(),
      this.rename(),
      h("div", { class: "row" }, this.archive, h("button", { type: "button", class: "danger", onclick: () => this.remove() }, t("setup.class.remove"))),
    );
  }

  async load() {
    this.draw((await this.api.get(`${this.path}/students`)).items);
  }

  /** @param {any[]} students */
  draw(students) {
    nameDocument(this.it.name);
    setText(this.heading, this.it.name);
    setText(this.count, t("setup.class.count", { count: students.length }));
    show(this.list, students.length > 0);
    this.list.replaceChildren(...students.map((one) => this.student(one)));
    setText(this.archive, t(this.it.status === "ARCHIVED" ? "setup.class.unarchive" : "setup.class.archive"));
  }

  /** @param {any} student */
  student({ id, name, email }) {
    const out = () => this.takeOut(id, name);
    const label = t("setup.class.take_out.label", { name });
    return h(
      "li",
      { class: "row", "data-student": id },
      h("span", {}, name),
      h("span", { class: "soft small" }, email ?? ""),
      h("button", { type: "button", class: "bare push", "aria-label": label, onclick: out }, t("setup.class.take_out")),
    );
  }

  /** @param {string} id @param {string} name */
  async takeOut(id, name) {
    const before = this.it.student_ids;
    await this.change({ student_ids: before.filter((/** @type {string} */ one) => one !== id) }, t("setup.class.taken_out", { name }));
    const undo = () => this.change({ student_ids: before }, t("setup.class.back_in", { name }));
    if (!this.it.student_ids.includes(id)) this.told.append(" ", h("button", { type: "button", class: "bare", onclick: undo }, t("setup.undo")));
  }

  toggleArchived() {
    const archived = this.it.status === "ARCHIVED";
    return this.change({ status: archived ? "ACTIVE" : "ARCHIVED" }, t(archived ? "setup.saved" : "setup.class.archived.done"));
  }

  async remove() {
    const what = { title: t("setup.class.remove.title", { name: this.it.name }), text: t("setup.class.remove.text"), go: t("setup.class.remove") };
    if (!(await confirmed(what))) return;
    const done = await attempt(this.notice, async () => {
      await this.api.call("DELETE", this.path);
      return true;
    });
    if (done) location.assign("/classes");
  }

  /**
   * @param {object} body
   * @param {string} words what was done
   */
  async change(body, words) {
    const done = await attempt(this.notice, async () => (await this.api.call("PATCH", this.path, body)).json());
    if (!done) return;
    await this.became(done, words);
  }

  /**
   * @param {any} schoolClass
   * @param {string} words
   */
  async became(schoolClass, words) {
    this.it = schoolClass;
    await this.load();
    setText(this.told, words);
  }

  rename() {
    const name = field(t("setup.class.name"), h("input", { maxlength: LONGEST_NAME, autocomplete: "off", value: this.it.name }));
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (name.input.value.trim() === "") name.fail(t("sittings.new.missing"));
      else await this.change({ name: name.input.value.trim() }, t("setup.saved"));
    };
    return h(
      "form",
      { class: "card stack", novalidate: true, onsubmit: submit },
      name.element,
      h("div", {}, h("button", { type: "submit" }, t("setup.class.rename"))),
    );
  }

  more() {
    const students = new StudentImport(this.api, this.it.id);
    const notice = h("p", { class: "error", role: "alert" });
    const button = h("button", { class: "main", type: "submit", disabled: true }, t("setup.class.add", { count: 0 }));
    students.changed = () => {
      button.disabled = students.usable === 0;
      setText(button, t("setup.class.add", { count: students.usable }));
    };
    const submit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      await students.settle();
      if (students.usable === 0) return;
      button.disabled = true;
      const done = await attempt(notice, () => students.apply(this.it.id));
      button.disabled = students.usable === 0;
      if (!done) return;
      const added = done.students.filter((/** @type {any} */ one) => one.state !== "listed").length;
      await students.clear();
      await this.became(done.school_class, t("setup.class.added", { count: added }));
    };
    return h(
      "form",
      { class: "card stack", novalidate: true, onsubmit: submit },
      h("h2", {}, t("setup.class.more")),
      students.element,
      notice,
      h("div", {}, button),
    );
  }
}

staffPage({ title: t("setup.nav.classes"), place: "classes" }, async (api, main) => {
  const page = new ClassPage(api, await api.get(`/api/classes/${pathPart(1)}`));
  await page.load();
  main.append(page.element);
  setAttribute(document.documentElement, "data-ready", "");
});
