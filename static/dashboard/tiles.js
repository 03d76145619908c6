/** Everyone as a tile, for a projector or a tablet: shape, name, progress, time. */

import { h, setAttribute } from "../lib/dom.js";
import { t } from "../words/index.js";
import { StudentList } from "./student_list.js";
import { TileView } from "./tile_view.js";

export class StudentTiles {
  /** @param {import("./parts.js").Page} page */
  constructor(page) {
    this.tiles = h("ul", { class: "tiles", "aria-label": t("table.caption") });
    this.list = new StudentList(page, this.tiles, (id) => new TileView(id));
    this.element = h("div", {}, this.tiles, this.list.nothing);
  }

  /** @param {import("./parts.js").Look} look */
  update(look) {
    this.list.update(look);
    setAttribute(this.tiles, "data-read-only", look.may.steer ? null : "");
  }
}
