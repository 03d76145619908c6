/** Which sitting: the only one that is open by itself, else a list to choose from. */

import { ApiError } from "../lib/api.js";
import { h, setText } from "../lib/dom.js";
import { statusWords } from "../lib/session_words.js";
import { dayAndTime } from "../lib/time.js";
import { language, t } from "../words/index.js";

const AGAIN_MS = 5_000;
const OPEN = ["WAITING_FOR_STUDENTS", "IN_PROGRESS"];
const OVER = ["COMPLETED", "CANCELLED"];

/**
 * @param {any[]} sessions the student's own
 * @returns {{go: string | null, list: any[]}} where to go at once, else what to show
 */
export function choice(sessions) {
  const coming = sessions.filter(({ status }) => !OVER.includes(status));
  const open = coming.filter(({ status }) => OPEN.includes(status));
  return { go: open.length === 1 ? open[0].id : null, list: coming };
}

/**
 * @param {import("../lib/api.js").Api} api
 * @param {HTMLElement} app
 */
export async function choose(api, app) {
  const title = h("h1", {}, t("app.loading"));
  const more = h("p", { class: "soft" });
  const list = h("ul", { class: "sessions" });
  app.replaceChildren(h("main", { class: "center", id: "content" }, title, more, list));
  const look = async () => {
    let sessions;
    try {
      sessions = await api.all("/api/sessions");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(title, error.status === 0 ? t("student.first_offline") : error.message || t("app.failed"));
      return;
    }
    const found = choice(sessions);
    if (found.go) {
      location.replace(`/student/${found.go}`);
      return;
    }
    setText(title, t(found.list.length === 0 ? "student.none" : "student.choose"));
    setText(more, found.list.length === 0 ? t("student.none.more") : "");
    list.replaceChildren(...found.list.map(item));
  };
  await look();
  setInterval(look, AGAIN_MS);
}

/** @param {any} session */
function item(session) {
  const { words } = statusWords(session);
  const when = session.scheduled_at ? ` · ${dayAndTime(session.scheduled_at, Date.now(), language())}` : "";
  return h("li", {}, h("a", { class: "button", href: `/student/${session.id}` }, session.title), h("span", { class: "soft" }, ` ${words}${when}`));
}
