/** The student's top line: the test, whether the work is safe, the time; and the bar when it is not. */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { languageChoice } from "../lib/language_choice.js";
import { setShape, shape } from "../lib/shapes.js";
import { clock, timeOfDay } from "../lib/time.js";
import { t } from "../words/index.js";
import { saveLine, warning } from "./save_status.js";

/** A connection that stands again within so long is no reason to alarm anyone. */
const ALARM_MS = 1_000;

export class Header {
  constructor() {
    this.title = h("h1", { class: "title" }, t("student.title"));
    this.shape = shape("saving");
    this.words = h("span", {});
    this.save = h("span", { class: "save numbers" }, this.shape, " ", this.words);
    this.time = h("span", { class: "time numbers" });
    this.warningWords = h("span", {});
    this.warning = h("p", { class: "notice warning", role: "status", hidden: true }, shape("alert"), " ", this.warningWords);
    this.element = h(
      "div",
      { class: "top" },
      this.warning,
      h("header", { class: "student-bar" }, this.title, this.save, this.time, languageChoice()),
    );
    /** @type {number | null} */
    this.troubleSince = null;
    this.warned = false;
  }

  /**
   * @param {import("../client/state.js").State} state
   * @param {import("../client/client.js").ClientStatus} status
   * @param {number | null} leftMs
   * @param {boolean} working whether there is work that can be unsaved
   */
  update({ session }, status, leftMs, working) {
    const now = Date.now();
    if (session) setText(this.title, session.title);
    const line = saveLine(status, now);
    setAttribute(this.save, "data-kind", line.kind);
    setShape(this.shape, line.shape);
    setText(this.words, t(line.key, { time: line.at ? timeOfDay(line.at) : "" }));
    show(this.save, working);
    show(this.time, leftMs !== null);
    if (leftMs !== null) {
      setText(this.time, t("time.left", { time: clock(leftMs) }));
      setAttribute(this.time, "data-soon", leftMs <= 300_000 ? "" : null);
    }
    this.warn(working ? warning(status, now) : null, now);
  }

  /**
   * @param {import("./save_status.js").Warning} trouble
   * @param {number} now
   */
  warn(trouble, now) {
    this.troubleSince = trouble ? (this.troubleSince ?? now) : null;
    const shown = trouble !== null && now - /** @type {number} */ (this.troubleSince) >= ALARM_MS;
    if (shown) setText(this.warningWords, t(trouble.key, { count: trouble.count }));
    show(this.warning, shown);
    this.warned = shown;
  }
}
