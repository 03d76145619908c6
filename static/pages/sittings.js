/** `/sittings`: what is running, what comes, what was; and a form for a new one. */

import { Api, ApiError } from "../lib/api.js";
import { h, setText } from "../lib/dom.js";
import { bar, signIn } from "../lib/frame.js";
import { current } from "../lib/login.js";
import { t } from "../words/index.js";
import { newSitting } from "./new_sitting.js";
import { sittingsTable } from "./sittings_table.js";

const AGAIN_MS = 10_000;
const PARTS = [
  { key: "live", has: ["WAITING_FOR_STUDENTS", "IN_PROGRESS"], latestFirst: false },
  { key: "coming", has: ["SCHEDULED"], latestFirst: false },
  { key: "past", has: ["COMPLETED", "CANCELLED"], latestFirst: true },
];

const api = new Api("staff", signIn);
const notice = h("p", { class: "error", role: "alert" });
const lists = h("div", { class: "stack wide" }, h("p", { class: "soft" }, t("app.loading")));
const form = h("div", {});
/** @type {{classes: any[], tests: any[]}} */
const known = { classes: [], tests: [] };

async function refresh() {
  try {
    draw(await api.all("/api/sessions"));
    setText(notice, "");
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    setText(notice, error.status === 0 ? t("app.unreachable") : error.message || t("app.failed"));
  }
}

/** @param {any[]} sessions */
function draw(sessions) {
  const parts = PARTS.map(({ key, has, latestFirst }) => {
    const mine = sessions.filter(({ status }) => has.includes(status));
    mine.sort((a, b) => when(a).localeCompare(when(b)) * (latestFirst ? -1 : 1));
    return mine.length > 0 ? sittingsTable(t(`sittings.${key}`), mine, known) : null;
  }).filter((part) => part !== null);
  lists.replaceChildren(...(parts.length > 0 ? parts : [h("p", {}, t("sittings.none"))]));
}

/** @param {any} session */
function when(session) {
  return session.completed_at ?? session.started_at ?? session.scheduled_at ?? "";
}

async function begin() {
  if (!current("staff")) {
    signIn();
    return;
  }
  document.title = `${t("sittings.title")} · ${t("app.name")}`;
  /** @type {HTMLElement} */ (document.getElementById("app")).append(
    bar(),
    h("main", { class: "page stack wide", id: "content" }, h("h1", {}, t("sittings.title")), notice, lists, form),
  );
  await api.keepFresh();
  try {
    const [classes, tests] = await Promise.all([api.all("/api/classes"), api.all("/api/tests")]);
    Object.assign(known, { classes, tests });
    form.append(newSitting(api, known));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
  await refresh();
  setInterval(() => document.visibilityState === "visible" && refresh(), AGAIN_MS);
}

begin();
