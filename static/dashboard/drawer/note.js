/** The staff's note on a student, written in place. */

import { ApiError } from "../../lib/api.js";
import { h, setText, show } from "../../lib/dom.js";
import { t } from "../../words/index.js";

const NOTE_LIMIT = 2_000;

export class Note {
  /**
   * @param {import("../parts.js").Page} page
   * @param {string} name of the student
   */
  constructor(page, name) {
    this.page = page;
    /** @type {string | null} */
    this.attemptId = null;
    this.stored = "";
    this.saving = false;
    const label = t("drawer.note.label", { name });
    this.input = h("textarea", { rows: 1, maxlength: NOTE_LIMIT, "aria-label": label, oninput: () => this.typed() });
    this.button = h("button", { type: "submit", hidden: true }, t("drawer.note.save"));
    this.said = h("span", { class: "soft small", role: "status" });
    this.problem = h("span", { class: "error small", role: "alert" });
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.save();
    };
    this.form = h("form", { class: "stack tight", onsubmit: submit }, this.input, h("div", { class: "row" }, this.button, this.said, this.problem));
    this.words = h("p", { class: "pre" });
    this.element = h("section", { class: "stack tight note" }, h("h3", {}, t("drawer.note")), this.form, this.words);
  }

  get isChanged() {
    return this.input.value.trim() !== this.stored;
  }

  /** What is being written stays as it is. @param {import("./section.js").Sight} sight */
  update({ look, item }) {
    show(this.element, item !== null);
    if (item === null) return;
    this.attemptId = item.id;
    const note = item.note ?? "";
    if (note !== this.stored && !this.saving) {
      const untouched = !this.isChanged;
      this.stored = note;
      if (untouched) this.input.value = note;
    }
    show(this.form, look.may.steer);
    show(this.words, !look.may.steer);
    setText(this.words, note || t("drawer.note.none"));
    this.offer();
  }

  typed() {
    setText(this.said, "");
    setText(this.problem, "");
    this.offer();
  }

  offer() {
    show(this.button, this.isChanged);
    this.button.disabled = this.saving;
    const rows = Math.min(8, this.input.value.split("\n").length + Math.floor(this.input.value.length / 60));
    if (this.input.rows !== rows) this.input.rows = rows;
  }

  /** @param {string} note */
  send(note) {
    return this.page.api.call("PATCH", `/api/attempts/${this.attemptId}`, { note: note || null });
  }

  /** @returns {Promise<void>} when it is saved, or said why not; nothing to save is saved */
  async save() {
    if (!this.isChanged || this.saving || this.attemptId === null) return;
    const note = this.input.value.trim();
    this.saving = true;
    this.offer();
    try {
      await this.send(note);
      this.stored = note;
      setText(this.said, t("drawer.note.saved"));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(this.problem, error.status === 0 ? t("app.unreachable") : error.message);
      // Who has gone on to another student is told, too.
      if (!this.element.isConnected) this.page.steer.failed("note", error, () => this.send(note));
    } finally {
      this.saving = false;
      this.offer();
    }
  }
}
