/**
 * Students out of a spreadsheet: paste them or choose a file, see what each line means, then apply.
 * The server reads the list both times, so what is shown is what is done.
 */

import { h, setText, show } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { t } from "../words/index.js";
import { base64Of, onChosen } from "./save_file.js";
import { attempt } from "./staff_page.js";

const BIGGEST_FILE = 1_000_000; // bytes; a list of a thousand students has a tenth of it
const READ_AFTER_MS = 400; // since the last key

export class StudentImport {
  /**
   * @param {import("../lib/api.js").Api} api
   * @param {string | null} classId null: a class to be
   */
  constructor(api, classId) {
    this.api = api;
    this.classId = classId;
    /** @type {{text: string} | {file: string} | null} */
    this.given = null;
    /** @type {{students: any[], errors: any[]}} */
    this.read = { students: [], errors: [] };
    this.reading = 0;
    this.pasted = field(
      t("setup.import.paste"),
      h("textarea", { rows: 6, spellcheck: "false", autocomplete: "off", placeholder: t("setup.import.example") }),
      t("setup.import.paste.hint"),
    );
    this.file = field(t("setup.import.file"), h("input", { type: "file", accept: ".csv,.txt,.tsv,text/csv,text/plain" }));
    this.notice = h("p", { class: "error", role: "alert" });
    this.summary = h("p", { role: "status" });
    this.errors = h("ul", { class: "line-errors" });
    this.rows = h("tbody", {});
    const heads = ["line", "name", "email", "state"].map((name) => h("th", { scope: "col" }, t(`setup.import.${name}`)));
    const table = h("table", {}, h("caption", { class: "only-heard" }, t("setup.import.preview")), h("thead", {}, h("tr", {}, ...heads)), this.rows);
    this.table = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": t("setup.import.preview"), hidden: true }, table);
    this.element = h("div", { class: "stack" }, this.pasted.element, this.file.element, this.notice, this.summary, this.errors, this.table);
    this.pasted.input.addEventListener("input", () => this.paste());
    onChosen(this.file.input, () => this.choose());
  }

  paste() {
    clearTimeout(this.timer);
    const text = this.pasted.input.value;
    this.file.input.value = "";
    this.timer = setTimeout(() => this.look(text.trim() ? { text } : null), READ_AFTER_MS);
  }

  async choose() {
    const [file] = this.file.input.files;
    if (!file) {
      if (this.given && "file" in this.given) await this.look(null);
      return;
    }
    this.pasted.input.value = "";
    if (file.size > BIGGEST_FILE) this.file.fail(t("setup.import.file.big"));
    else await this.look({ file: await base64Of(file) });
  }

  /**
   * @param {{text: string} | {file: string} | null} given
   * @returns {Promise<boolean>} whether it could be read
   */
  async look(given) {
    this.given = given;
    this.reading += 1;
    const mine = this.reading;
    const body = { ...given, class_id: this.classId };
    const read = given ? await attempt(this.notice, () => this.api.post("/api/student-lists", body)) : EMPTY;
    if (mine !== this.reading) return false; // something else was typed meanwhile
    this.draw(read ?? EMPTY);
    this.changed?.();
    return read !== null;
  }

  /** @param {{students: any[], errors: any[]}} read */
  draw(read) {
    this.read = read;
    const { students, errors } = read;
    const counts = ["new", "known", "listed"].map((state) => [state, students.filter((one) => one.state === state).length]);
    const words = counts.filter(([, count]) => count).map(([state, count]) => t(`setup.import.count.${state}`, { count }));
    if (errors.length > 0) words.push(t("setup.import.count.wrong", { count: errors.length }));
    setText(this.summary, words.join(" · "));
    this.errors.replaceChildren(
      ...errors.map(({ line, message, text }) =>
        h("li", {}, h("strong", {}, t("setup.import.at", { line })), " ", message, " ", text ? h("code", {}, text) : null),
      ),
    );
    this.rows.replaceChildren(...students.map((one) => studentRow(one)));
    show(this.table, students.length > 0);
  }

  /** How many students applying would put on the list. */
  get usable() {
    return this.read.students.length;
  }

  /**
   * Do what was shown; lines that are wrong stay out.
   * @param {string} classId
   */
  apply(classId) {
    return this.api.post(`/api/classes/${classId}/import`, { ...this.given, skip_errors: true });
  }

  /** Read what was typed a moment ago, if it was not read yet. */
  async settle() {
    clearTimeout(this.timer);
    const text = this.pasted.input.value;
    if (text.trim() && /** @type {any} */ (this.given)?.text !== text) await this.look({ text });
  }

  clear() {
    this.pasted.input.value = "";
    this.file.input.value = "";
    return this.look(null);
  }
}

const EMPTY = { students: [], errors: [] };

/** @param {any} student */
function studentRow({ line, name, email, state }) {
  return h(
    "tr",
    {},
    h("td", { class: "soft" }, String(line)),
    h("td", {}, name),
    h("td", {}, email ?? ""),
    h("td", { "data-state": state }, t(`setup.import.state.${state}`)),
  );
}
