/** Commands that need no more than a yes, and who or what it is about. */

import { h } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { commandDialog, told } from "./command_dialog.js";
import { nameList, nameOf } from "./names.js";

/** Done for all it cannot be taken back. @type {Record<string, string>} the keys of the words to type */
const TYPED = { complete: "live.typed.word", cancel: "live.typed.word.cancel", force_submit: "steer.typed.force_submit" };

const DANGER = new Set(["complete", "cancel", "force_submit"]);
const NOTE_MOST = 2_000;
const NAMES_SHOWN = 12;

/**
 * @param {import("./steer.js").Steer} steer
 * @param {string} name
 * @param {string[] | null} studentIds null: all
 */
export function confirmDialog(steer, name, studentIds) {
  return commandDialog(steer, name, studentIds, {
    go: t(`steer.go.${name}`),
    danger: DANGER.has(name),
    word: studentIds === null && TYPED[name] ? t(TYPED[name]) : null,
    inside: () => (studentIds === null ? [told(about(steer.look, name))] : [people(steer.look.state, studentIds), told(t(`steer.some.${name}`))]),
    fields: () => ({}),
  });
}

/**
 * What a command for all means now.
 * @param {import("../parts.js").Look} look
 * @param {string} name
 */
function about({ rows }, name) {
  const working = rows.filter(({ status }) => status !== "submitted" && status !== "absent");
  const absent = rows.filter(({ status }) => status === "absent").map((row) => row.name);
  const gone = rows.filter(({ status }) => status === "disconnected").map((row) => row.name);
  const missing = [...absent, ...gone];
  if (name === "start") {
    const here = t("steer.all.start", { count: rows.length - missing.length, total: rows.length });
    return missing.length > 0 ? `${here} ${t("steer.missing", { names: nameList(missing) })}` : here;
  }
  return t(`steer.all.${name}`, { count: working.length });
}

/**
 * @param {import("../state.js").State} state
 * @param {string[]} studentIds
 */
function people(state, studentIds) {
  return h("p", { class: "people-named" }, nameList(studentIds.map((id) => nameOf(state, id)), NAMES_SHOWN));
}

/**
 * Late answers of one student, to be counted or to be left.
 * @param {import("./steer.js").Steer} steer
 * @param {"accept_late" | "leave_late"} name
 * @param {string} studentId
 * @param {{event_ids?: string[]}} options null or none: all of them
 */
export function lateDialog(steer, name, studentId, { event_ids }) {
  const count = event_ids?.length ?? steer.look.state.attempts.get(studentId)?.late_answers ?? 0;
  return commandDialog(steer, name, [studentId], {
    go: t(`steer.go.${name}`),
    inside: () => [told(t(`steer.some.${name}`, { count }))],
    fields: () => ({ event_ids }),
  });
}

/**
 * The staff's note on a student; the student never sees it.
 * @param {import("./steer.js").Steer} steer
 * @param {string} studentId
 */
export function noteDialog(steer, studentId) {
  const input = h("textarea", { rows: 4, maxlength: NOTE_MOST, value: steer.look.state.attempts.get(studentId)?.note ?? "" });
  return commandDialog(steer, "note", [studentId], {
    go: t("steer.go.note"),
    why: false,
    inside: () => [h("label", { class: "field" }, t("steer.some.note"), input)],
    fields: () => ({ note: input.value.trim() || null }),
  });
}
