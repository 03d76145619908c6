/** More or less time for one, some or all, with a look at what it will mean. */

import { h } from "../../lib/dom.js";
import { clock, timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { commandDialog } from "./command_dialog.js";
import { extendPreview } from "./extend_preview.js";
import { nameList } from "./names.js";

const PRESETS = [-5, 5, 10, 15];
const FIRST = 5;
const MOST = 10_080; // the server takes no more
const PEOPLE_SHOWN = 8;

/** @typedef {import("./extend_preview.js").Preview} Preview */

/**
 * @param {import("./steer.js").Steer} steer
 * @param {string[] | null} studentIds null: all
 * @param {{minutes?: number}} options
 */
export function extendDialog(steer, studentIds, { minutes = FIRST }) {
  const input = h("input", { type: "number", step: 1, min: -MOST, max: MOST, value: String(minutes), "aria-label": t("steer.extend.minutes") });
  const presets = PRESETS.map((preset) =>
    h("button", { type: "button", class: "chip-button numbers", onclick: () => choose(preset) }, signed(preset)),
  );
  const preview = h("div", { class: "preview stack tight numbers", role: "status" });
  /** @type {import("./command_dialog.js").Form | null} */
  let form = null;

  const choose = (/** @type {number} */ count) => {
    input.value = String(count);
    look();
  };
  const wanted = () => (/^[-−+]?\d+$/.test(input.value.trim()) ? Number(input.value) : NaN);
  const look = () => {
    const count = wanted();
    const fits = Number.isInteger(count) && Math.abs(count) <= MOST;
    presets.forEach((button, at) => button.setAttribute("aria-pressed", String(PRESETS[at] === count)));
    if (!fits) {
      preview.replaceChildren(h("p", { class: "soft" }, t("steer.extend.number")));
      form?.allow(false);
      return;
    }
    const told = extendPreview(steer.look.state, studentIds, count, steer.look.now);
    preview.replaceChildren(...lines(told, count));
    form?.allow(told.possible);
  };
  input.addEventListener("input", look);

  return commandDialog(steer, "extend", studentIds, {
    go: t("steer.extend.go"),
    inside: (given) => {
      form = given;
      look();
      return [
        h("div", { class: "row", role: "group", "aria-label": t("steer.extend.minutes") }, ...presets, h("label", { class: "row own" }, input, t("steer.extend.unit"))),
        preview,
      ];
    },
    fields: () => ({ minutes: wanted() }),
  });
}

/**
 * @param {Preview} preview
 * @param {number} minutes
 * @returns {Node[]}
 */
function lines({ mode, whole, people, near, closed, possible }, minutes) {
  const from = (/** @type {number} */ ms) => moment(ms, mode);
  const told = [];
  const changing = people.filter(({ hinders }) => hinders === null);
  if (whole) {
    told.push(h("p", { class: "change" }, t(`steer.extend.${mode}`, { before: from(whole.before), after: from(whole.after) })));
    if (changing.some(({ before }) => before !== whole.before)) told.push(h("p", { class: "soft small" }, t("steer.extend.own")));
  } else {
    const rows = changing.slice(0, PEOPLE_SHOWN).map(({ name, before, after }) =>
      h("li", {}, h("span", { class: "name" }, name), " ", h("span", { class: "change" }, t(`steer.extend.${mode}`, { before: from(before), after: from(after) }))),
    );
    told.push(h("ul", { class: "plain" }, ...rows));
    if (changing.length > PEOPLE_SHOWN) told.push(h("p", { class: "soft small" }, t("steer.more", { count: changing.length - PEOPLE_SHOWN })));
  }
  const names = (/** @type {import("./extend_preview.js").Person[]} */ some) => nameList(some.map(({ name }) => name));
  if (near.length > 0) told.push(h("p", { class: "warn" }, t(whole ? "steer.extend.near.all" : "steer.extend.near", { names: names(near) })));
  else if (!possible && minutes !== 0 && whole) told.push(h("p", { class: "warn" }, t("steer.extend.near.sitting")));
  if (closed.length > 0) told.push(h("p", { class: "soft" }, t("steer.extend.closed", { names: names(closed) })));
  return told;
}

/**
 * @param {number} ms
 * @param {import("./extend_preview.js").Mode} mode
 */
function moment(ms, mode) {
  return mode === "running" ? timeOfDay(ms, { seconds: false }) : clock(ms);
}

/** @param {number} minutes */
export function signed(minutes) {
  return minutes < 0 ? `−${-minutes}` : `+${minutes}`;
}
