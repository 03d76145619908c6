/** `/sittings/<id>/report`: what came of a sitting, to read, to print and to take away. */

import { reportLanes } from "../dashboard/lanes/report_lanes.js";
import { h, setAttribute } from "../lib/dom.js";
import { statusWords } from "../lib/session_words.js";
import { dayAndTime, timeOfDay } from "../lib/time.js";
import { language, t } from "../words/index.js";
import { facts, remarks } from "./report_facts.js";
import { saveFile } from "./save_file.js";
import { attempt as tried, nameDocument, pathPart, staffPage } from "./staff_page.js";

const COLUMNS = ["name", "status", "joined", "submitted", "answered", "remarks"];
/** What can be taken away: the name of the words → query. */
const FILES = { csv: "format=csv", events: "format=csv&table=events", json: "format=json" };

staffPage({ title: t("setup.link.report"), place: "sittings", className: "report" }, async (api, main) => {
  const path = `/api/sessions/${pathPart(1)}/export`;
  const exported = await api.get(path);
  const { session } = exported;
  nameDocument(t("setup.report.title", { name: session.title }));
  const notice = h("p", { class: "error screen-only", role: "alert" });
  const files = Object.entries(FILES).map(([name, query]) =>
    h("button", { type: "button", onclick: () => tried(notice, () => saveFile(api, `${path}?${query}`)) }, t(`setup.report.${name}`)),
  );
  const print = h("button", { type: "button", class: "main", onclick: () => window.print() }, t("setup.cards.print"));
  main.append(
    h("h1", {}, session.title),
    about(exported),
    h("div", { class: "row screen-only" }, print, ...files, h("a", { class: "button", href: `/sittings/${session.id}/answers` }, t("answers.print")), h("a", { class: "push", href: `/sittings/${session.id}` }, t("setup.link.live"))),
    notice,
    roster(exported),
    reportLanes(exported),
  );
  setAttribute(document.documentElement, "data-ready", "");
});

/** @param {any} exported */
function about(exported) {
  const { session, test } = exported;
  const { enrolled, came, submitted, byDeadline, late, average, total } = facts(exported);
  const day = (/** @type {string | null} */ at) => dayAndTime(at, Date.parse(exported.exported_at), language());
  const sentences = [
    t("setup.report.came", { count: came, total: enrolled }),
    t("setup.report.submitted", { count: submitted }),
    byDeadline > 0 && t("setup.report.by_deadline", { count: byDeadline }),
    average !== null && total > 0 && t("setup.report.average", { average: average.toFixed(1), total }),
    late > 0 && t("setup.report.late", { count: late }),
  ];
  const lines = [
    [test?.title, statusWords(session).words].filter(Boolean).join(" · "),
    session.started_at && t("setup.report.when", { from: day(session.started_at), to: session.completed_at ? day(session.completed_at) : "…" }),
    sentences.filter(Boolean).join(" "),
  ];
  return h("div", { class: "stack tight" }, ...lines.filter(Boolean).map((line) => h("p", {}, line)));
}

/** @param {any} exported */
function roster({ students }) {
  const heads = COLUMNS.map((name) => h("th", { scope: "col" }, t(`setup.report.column.${name}`)));
  return h(
    "div",
    { class: "scroll whole", tabindex: "0", role: "region", "aria-label": t("setup.report.students") },
    h("table", {}, h("caption", { class: "only-heard" }, t("setup.report.students")), h("thead", {}, h("tr", {}, ...heads)), h("tbody", {}, ...students.map(studentRow))),
  );
}

/** @param {any} student */
function studentRow({ name, participant, attempt }) {
  const said = attempt ? remarks(attempt).map(([what, count]) => t(`setup.report.remark.${what}`, { count })) : [];
  if (attempt?.note) said.push(attempt.note);
  const status = attempt?.status === "SUBMITTED" ? `submitted.${attempt.submitted_by}` : participant ? "open" : "absent";
  const cells = [
    t(`setup.report.status.${status}`),
    timeOfDay(participant?.joined_at ?? null),
    timeOfDay(attempt?.submitted_at ?? null),
    attempt ? `${attempt.answered}/${attempt.total}` : "–",
    said.join(" · "),
  ];
  return h("tr", {}, h("th", { scope: "row" }, name), ...cells.map((cell) => h("td", {}, cell)));
}
