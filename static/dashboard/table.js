/** The table of all students. */

import { h, setAttribute } from "../lib/dom.js";
import { t } from "../words/index.js";
import { RowView } from "./row_view.js";
import { StudentList } from "./student_list.js";

const COLUMNS = ["name", "status", "progress", "question", "seen", "saved", "left", "flags"];

export class StudentTable {
  /** @param {import("./parts.js").Page} page */
  constructor(page) {
    const body = h("tbody", { role: "rowgroup" });
    this.list = new StudentList(page, body, (id) => new RowView(id));
    const heads = COLUMNS.map((name) => h("th", { scope: "col", role: "columnheader", class: name }, t(`table.${name}`)));
    // The roles are said, since rows that are laid out as grids lose them in some browsers.
    this.table = h(
      "table",
      { class: "students", role: "table" },
      h("caption", { class: "only-heard" }, t("table.caption")),
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("td", { class: "pick", role: "cell" }), ...heads)),
      body,
    );
    this.element = h("div", { class: "card flush" }, this.table, this.list.nothing);
  }

  /** @param {import("./parts.js").Look} look */
  update(look) {
    this.list.update(look);
    setAttribute(this.table, "data-read-only", look.may.steer ? null : "");
  }
}
