/** The table of all students: keeps a row view a student, arranges them, lets the rest alone. */

import { arrange, h, setText, show } from "../lib/dom.js";
import { t } from "../words/index.js";
import { RowView } from "./row_view.js";

const COLUMNS = ["name", "status", "progress", "question", "seen", "saved", "left", "flags"];

export class StudentTable {
  /** @param {(studentId: string) => void} lowerHand */
  constructor(lowerHand) {
    this.lowerHand = lowerHand;
    /** @type {Map<string, RowView>} */
    this.views = new Map();
    this.body = h("tbody", {});
    this.nothing = h("p", { class: "soft nothing" });
    this.element = h(
      "div",
      { class: "card flush" },
      h(
        "table",
        { class: "students" },
        h("caption", { class: "only-heard" }, t("table.caption")),
        h("colgroup", {}, ...COLUMNS.map((name) => h("col", { class: `col-${name}` }))),
        h("thead", {}, h("tr", {}, ...COLUMNS.map((name) => h("th", { scope: "col" }, t(`table.${name}`))))),
        this.body,
      ),
      this.nothing,
    );
  }

  /**
   * @param {import("./row.js").Row[]} rows in their order
   * @param {(questionId: string) => string} questionName
   * @param {boolean} nobody whether there are no students at all
   */
  update(rows, questionName, nobody) {
    const elements = rows.map((row) => {
      let view = this.views.get(row.id);
      if (!view) {
        view = new RowView(row.id, this.lowerHand);
        this.views.set(row.id, view);
      }
      view.update(row, questionName);
      return view.element;
    });
    arrange(this.body, elements);
    show(this.nothing, rows.length === 0);
    if (rows.length === 0) setText(this.nothing, t(nobody ? "table.empty" : "table.none"));
  }
}
