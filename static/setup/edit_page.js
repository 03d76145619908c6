/** `/sittings/<id>/edit`: what a sitting is about, and extra time for some. */

import { confirmTyped } from "../lib/dialog.js";
import { h, setAttribute } from "../lib/dom.js";
import { t } from "../words/index.js";
import { extraTime } from "./extra_time.js";
import { sittingForm } from "./sitting_form.js";
import { sittingLinks } from "./sitting_links.js";
import { attempt, nameDocument, pathPart, staffPage } from "./staff_page.js";

const OVER = ["COMPLETED", "CANCELLED"];

staffPage({ title: t("setup.sitting.edit"), place: "sittings" }, async (api, main) => {
  const id = pathPart(1);
  const [snapshot, classes, tests, teachers, admins] = await Promise.all([
    api.get(`/api/sessions/${id}/snapshot`),
    api.all("/api/classes"),
    api.all("/api/tests"),
    api.all("/api/users?role=TEACHER"),
    api.all("/api/users?role=ADMIN"),
  ]);
  const { session, students } = snapshot;
  nameDocument(session.title);
  main.append(
    h("div", { class: "row" }, h("h1", {}, session.title), h("span", { class: "push" }), h("a", { href: `/sittings/${id}` }, t("setup.link.live"))),
    sittingLinks(session, { here: "edit" }),
    sittingForm(api, { classes, tests, staff: [...teachers, ...admins] }, session),
  );
  if (!OVER.includes(session.status)) main.append(extraTime(api, { session, students }));
  if (["SCHEDULED", "WAITING_FOR_STUDENTS"].includes(session.status)) main.append(callOff(api, session));
  setAttribute(document.documentElement, "data-ready", "");
});

/**
 * @param {import("../lib/api.js").Api} api
 * @param {any} session
 */
function callOff(api, session) {
  const notice = h("p", { class: "error", role: "alert" });
  const cancel = async () => {
    const go = t("live.cancel");
    const word = t("live.typed.word.cancel");
    if (!(await confirmTyped({ title: t("live.cancel.title"), text: t("live.cancel.text"), word, go }))) return;
    const done = await attempt(notice, () => api.post(`/api/sessions/${session.id}/cancel`));
    if (done) location.assign("/sittings");
  };
  return h("div", { class: "row" }, h("button", { type: "button", class: "danger", onclick: cancel }, t("live.cancel")), notice);
}
