/** The bar that says a page is not live, since when, and what is being done about it. */

import { h, setText, show } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { timeOfDay } from "../lib/time.js";
import { t } from "../words/index.js";

export class Banner {
  constructor() {
    this.since = "";
    this.words = h("span", {});
    this.element = h("p", { class: "notice", hidden: true }, shape("disconnected"), " ", this.words);
  }

  /**
   * @param {boolean} live
   * @param {number | null} knownAt server time of the last known state
   * @param {import("../client/link.js").Status} link
   * @param {boolean} silent nothing comes over the connection, though it stands
   * @param {number} now the device's clock
   */
  update(live, knownAt, link, silent, now) {
    show(this.element, !live);
    if (live) return;
    const since = knownAt === null ? t("live.lost.never") : t("live.lost", { time: timeOfDay(knownAt) });
    this.since = since;
    setText(this.words, `${since} ${next(link, silent, now)}`);
  }
}

/**
 * @param {import("../client/link.js").Status} link
 * @param {boolean} silent
 * @param {number} now
 */
function next({ phase, retryAt, code }, silent, now) {
  if (phase === "open") return t(silent ? "live.lost.silent" : "live.lost.behind");
  if (phase === "closed") return t("live.closed", { code: code ?? "–" });
  const seconds = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000);
  return seconds > 0 ? t("live.lost.retry", { seconds }) : t("live.lost.now");
}
