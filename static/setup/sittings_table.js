/** One table of sittings that come or are over. */

import { h } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { statusWords } from "../lib/session_words.js";
import { dayAndTime } from "../lib/time.js";
import { language, t } from "../words/index.js";
import { sittingLinks } from "./sitting_links.js";

/**
 * @typedef {object} Names
 * @property {(session: any) => string} className
 * @property {(session: any) => string} testTitle
 * @property {(session: any) => boolean} own whether it is this person's own, not only theirs to watch
 */

const COLUMNS = ["title", "class", "test", "status", "when", "length", "more"];

/**
 * @param {string} caption
 * @param {any[]} sessions
 * @param {Names} names
 * @returns {HTMLElement}
 */
export function sittingsTable(caption, sessions, names) {
  const head = COLUMNS.map((name) => h("th", { scope: "col" }, t(`sittings.column.${name}`)));
  return h(
    "table",
    { class: "sittings" },
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...sessions.map((session) => row(session, names))),
  );
}

/**
 * @param {any} session
 * @param {Names} names
 */
function row(session, { className, testTitle, own }) {
  const { status, shape: form, words } = statusWords(session);
  const when = session.started_at ?? session.scheduled_at;
  const length = session.duration_seconds
    ? t("sittings.minutes", { count: Math.round(session.duration_seconds / 60) })
    : t("sittings.no_limit");
  const cells = [
    h("a", { href: `/sittings/${session.id}` }, session.title || "–"),
    h("span", {}, className(session)),
    h("span", {}, testTitle(session)),
    h("span", { class: "status", "data-status": status }, shape(form), words),
    when ? h("time", { datetime: when }, dayAndTime(when, Date.now(), language())) : "–",
    h("span", { class: "numbers" }, length),
    sittingLinks(session, { own: own(session) }),
  ];
  return h("tr", {}, ...cells.map((cell, i) => h("td", { "data-label": t(`sittings.column.${COLUMNS[i]}`) }, cell)));
}
