/** Extra time per student: accommodations, which count from the start. */

import { h, setText, show } from "../lib/dom.js";
import { refusal, t } from "../words/index.js";
import { byDifference, extraMinutes } from "./form_values.js";
import { attempt } from "./staff_page.js";

/**
 * @param {import("../lib/api.js").Api} api
 * @param {{session: any, students: {id: string, name: string}[]}} sitting
 * @returns {HTMLElement}
 */
export function extraTime(api, { session, students }) {
  const path = `/api/sessions/${session.id}/extend`;
  const notice = h("p", { class: "error", role: "alert" });
  const saved = h("p", { role: "status" });
  const button = h("button", { class: "main", type: "submit" }, t("setup.extra.go"));
  const has = (/** @type {string} */ id) => Math.round((session.extra_seconds[id] ?? 0) / 60);
  const rows = students.map(({ id, name }) => {
    const input = h("input", { value: has(id) ? String(has(id)) : "", inputmode: "numeric", autocomplete: "off" });
    const wrong = h("span", { class: "error small", role: "alert" });
    input.addEventListener("input", () => setText(wrong, ""));
    return { id, name, input, wrong, element: h("label", { class: "extra" }, h("span", {}, name), input, wrong) };
  });

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setText(saved, "");
    const wanted = rows.map((row) => ({ ...row, wanted: extraMinutes(row.input.value, session.duration_seconds) }));
    const bad = wanted.filter((row) => row.wanted === undefined);
    for (const { wrong } of bad) setText(wrong, t("setup.extra.wrong"));
    if (bad.length > 0) {
      bad[0].input.focus();
      return;
    }
    button.disabled = true;
    const groups = byDifference(wanted.map(({ id, wanted: minutes }) => ({ id, has: has(id), wanted: Number(minutes) })));
    /** @type {string[]} */
    const refused = [];
    for (const [minutes, ids] of groups) {
      const answer = await attempt(notice, () => api.post(path, { minutes, student_ids: ids }));
      if (!answer) break;
      session.extra_seconds = answer.session.extra_seconds;
      for (const one of answer.refused) {
        refused.push(`${students.find(({ id }) => id === one.student_id)?.name}: ${refusal(one.code, one.message)}`);
      }
    }
    button.disabled = false;
    for (const { id, input } of rows) if (!refused.length && !notice.textContent) input.value = has(id) ? String(has(id)) : "";
    if (refused.length > 0) setText(notice, refused.join(" · "));
    else if (!notice.textContent) setText(saved, t("setup.extra.saved", { count: Object.values(session.extra_seconds).filter(Boolean).length }));
  };

  const form = h(
    "form",
    { class: "stack", novalidate: true, onsubmit: submit },
    h("p", { class: "soft" }, t("setup.extra.hint")),
    h("div", { class: "extras" }, ...rows.map(({ element }) => element)),
    notice,
    h("div", { class: "row" }, button, saved),
  );
  const cannot = h("p", { class: "soft" }, t(session.duration_seconds === null ? "setup.extra.no_limit" : "setup.extra.nobody"));
  const possible = session.duration_seconds !== null && students.length > 0;
  show(form, possible);
  show(cannot, !possible);
  return h("section", { class: "card stack" }, h("h2", {}, t("setup.extra.title")), cannot, form);
}
