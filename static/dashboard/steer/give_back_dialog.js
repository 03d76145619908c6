/** Lost time given back: who would get how much, all that was lost or what was lost between two times. */

import { h, show } from "../../lib/dom.js";
import { clock, timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { commandDialog } from "./command_dialog.js";
import { givenSeconds, latestIncident } from "./lost_time.js";
import { nameList, nameOf } from "./names.js";

const PEOPLE_SHOWN = 12;

/**
 * @param {import("./steer.js").Steer} steer
 * @param {string[] | null} studentIds null: everyone who lost time
 * @param {{from?: string | number, to?: string | number}} options between these times, e.g. of an incident
 */
export async function giveBackDialog(steer, studentIds, { from, to }) {
  const found = await steer.attempt("give_back", async () => (await steer.page.api.get(`/api/sessions/${steer.page.sessionId}/lost-time`)).items);
  if (found === null) return null;
  const wanted = studentIds === null ? null : new Set(studentIds);
  /** @type {import("./lost_time.js").LostTime[]} */
  const items = found.filter((/** @type {any} */ item) => wanted === null || wanted.has(item.student_id));
  const asked = from !== undefined && to !== undefined ? { from: timeMs(from), to: timeMs(to) } : null;
  const window_ = asked ?? latestIncident(items);
  const group = h("div", { class: "stack tight", role: "radiogroup", "aria-label": t("steer.give_back.which") });
  const all = radio("all", asked === null);
  const between = radio("between", asked !== null);
  const start = h("input", { type: "datetime-local", step: 1, value: forField(window_?.from), "aria-label": t("steer.give_back.from") });
  const end = h("input", { type: "datetime-local", step: 1, value: forField(window_?.to), "aria-label": t("steer.give_back.to") });
  const times = h("div", { class: "row times" }, h("label", {}, t("steer.give_back.from"), start), h("label", {}, t("steer.give_back.to"), end));
  group.append(
    h("label", { class: "row" }, all, t("steer.give_back.all")),
    h("label", { class: "row" }, between, t("steer.give_back.between")),
    times,
  );
  const preview = h("div", { class: "preview stack tight numbers", role: "status" });
  /** @type {import("./command_dialog.js").Form | null} */
  let form = null;

  const chosen = () => (between.checked ? { from: Date.parse(start.value), to: Date.parse(end.value) } : null);
  const look = () => {
    show(times, between.checked);
    const span = chosen();
    const fits = span === null || span.from < span.to;
    const { state } = steer.look;
    const given = items.map((item) => ({ id: item.student_id, seconds: fits ? givenSeconds(item, span) : 0 })).filter(({ seconds }) => seconds > 0);
    preview.replaceChildren(...(fits ? lines(state, given, away(state, wanted)) : [h("p", { class: "warn" }, t("steer.give_back.order"))]));
    form?.allow(given.length > 0);
  };
  for (const input of [all, between, start, end]) input.addEventListener("input", look);

  return commandDialog(steer, "give_back", studentIds, {
    go: t("steer.go.give_back"),
    inside: (given) => {
      form = given;
      look();
      return [group, preview];
    },
    fields: () => {
      const span = chosen();
      return span === null ? {} : { from: new Date(span.from).toISOString(), to: new Date(span.to).toISOString() };
    },
  });
}

/**
 * @param {string} value
 * @param {boolean} checked
 */
function radio(value, checked) {
  return h("input", { type: "radio", name: "give-back", value, checked });
}

/**
 * @param {import("../state.js").State} state
 * @param {{id: string, seconds: number}[]} given
 * @param {string[]} gone
 * @returns {Node[]}
 */
function lines(state, given, gone) {
  const told = [];
  if (given.length === 0) told.push(h("p", {}, t("steer.give_back.nobody")));
  const rows = given
    .sort((a, b) => b.seconds - a.seconds)
    .slice(0, PEOPLE_SHOWN)
    .map(({ id, seconds }) => person(state, id, seconds));
  if (rows.length > 0) told.push(h("ul", { class: "plain" }, ...rows));
  if (given.length > PEOPLE_SHOWN) told.push(h("p", { class: "soft small" }, t("steer.more", { count: given.length - PEOPLE_SHOWN })));
  if (gone.length > 0) told.push(h("p", { class: "soft" }, t("steer.give_back.away", { names: nameList(gone) })));
  return told;
}

/**
 * @param {import("../state.js").State} state
 * @param {string} id
 * @param {number} seconds
 */
function person(state, id, seconds) {
  const lost = t("steer.give_back.lost", { time: clock((state.attempts.get(id)?.lost_seconds ?? 0) * 1000) });
  return h("li", {}, h("span", { class: "name" }, nameOf(state, id)), " ", h("span", { class: "soft small" }, lost), " ", h("span", { class: "change" }, `+${clock(seconds * 1000)}`));
}

/**
 * Who is cut off now: what they lose is known when they are back.
 * @param {import("../state.js").State} state
 * @param {ReadonlySet<string> | null} wanted
 */
function away(state, wanted) {
  return [...state.participants.values()]
    .filter(({ student_id: id, connection_status }) => connection_status === "DISCONNECTED" && (wanted === null || wanted.has(id)))
    .filter(({ student_id: id }) => state.attempts.get(id)?.status === "IN_PROGRESS")
    .map(({ student_id: id }) => nameOf(state, id));
}

/** @param {string | number} at RFC 3339 or milliseconds */
function timeMs(at) {
  return typeof at === "number" ? at : Date.parse(at);
}

/**
 * A moment as a field for date and time wants it, in the device's zone, with seconds.
 * @param {number | undefined} ms
 */
function forField(ms) {
  if (ms === undefined) return "";
  const date = new Date(ms);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  return `${day}T${timeOfDay(ms)}`;
}
