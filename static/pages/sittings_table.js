/** One table of sittings. */

import { h } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { statusWords } from "../lib/session_words.js";
import { dayAndTime } from "../lib/time.js";
import { language, t } from "../words/index.js";

const COLUMNS = ["title", "class", "test", "status", "when", "length"];

/**
 * @param {string} caption
 * @param {any[]} sessions
 * @param {{classes: any[], tests: any[]}} known
 * @returns {HTMLElement}
 */
export function sittingsTable(caption, sessions, { classes, tests }) {
  const head = COLUMNS.map((name) => h("th", { scope: "col" }, t(`sittings.column.${name}`)));
  return h(
    "section",
    { class: "card flush" },
    h(
      "table",
      { class: "sittings" },
      h("caption", {}, caption),
      h("thead", {}, h("tr", {}, ...head)),
      h("tbody", {}, ...sessions.map((session) => row(session, classes, tests))),
    ),
  );
}

/**
 * @param {any} session
 * @param {any[]} classes
 * @param {any[]} tests
 */
function row(session, classes, tests) {
  const { status, shape: form, words } = statusWords(session);
  const name = (/** @type {any[]} */ list, /** @type {string} */ id) => list.find((one) => one.id === id);
  const when = session.started_at ?? session.scheduled_at;
  const length = session.duration_seconds
    ? t("sittings.minutes", { count: Math.round(session.duration_seconds / 60) })
    : t("sittings.no_limit");
  const cells = [
    h("a", { href: `/sittings/${session.id}` }, session.title || "–"),
    name(classes, session.class_id)?.name ?? "–",
    name(tests, session.test_id)?.title ?? "–",
    h("span", { class: "status", "data-status": status }, shape(form), words),
    when ? h("time", { datetime: when }, dayAndTime(when, Date.now(), language())) : "–",
    h("span", { class: "numbers" }, length),
  ];
  return h("tr", {}, ...cells.map((cell, i) => h("td", { "data-label": t(`sittings.column.${COLUMNS[i]}`) }, cell)));
}
