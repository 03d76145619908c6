/** What the picture says in words: a lane in sum, and each thing there is to point at. */

import { age, timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";

/**
 * @typedef {import("./items.js").Item} Item
 * @typedef {import("./segments.js").Summary} Summary
 * @typedef {{numbers: Map<string, number>}} Names of the questions, from 1
 */

/** Between marks of what was written, and so on: a text is not shown whole. */
const TEXT_LIMIT = 120;
const NAMED = 12;

/**
 * @param {Summary} sum
 * @returns {string} "online 42 min, disconnected twice (3:10), 14 of 20 answered, handed in 10:41:07"
 */
export function summaryWords(sum) {
  if (sum.status === "absent") return t("lanes.sum.absent");
  const { ms, cuts, looksAway, awayMs, answered, total, handedInAt } = sum;
  const parts = [
    ms.waiting > 0 && t("lanes.sum.waited", { time: duration(ms.waiting) }),
    t("lanes.sum.online", { time: duration(ms.online + ms.unstable) }),
    cuts > 0 && t("lanes.sum.cuts", { count: cuts, time: age(ms.disconnected) }),
    looksAway > 0 && t("lanes.sum.away", { count: looksAway, time: age(awayMs) }),
    total > 0 && t("lanes.sum.answers", { count: answered, total }),
    handedInAt === null ? t(`counter.${sum.status}`) : t("lanes.sum.handed_in", { time: timeOfDay(handedInAt) }),
  ];
  return parts.filter(Boolean).join(", ");
}

/** Whole minutes from one minute on. @param {number} ms */
function duration(ms) {
  return ms < 60_000 ? t("lanes.seconds", { count: Math.round(ms / 1000) }) : t("lanes.minutes", { count: Math.floor(ms / 60_000) });
}

/**
 * When, and what.
 * @param {Item} item
 * @param {Names} names
 * @param {boolean} open whether it lasts still
 */
export function itemWords(item, names, open) {
  if (item.mark) return `${timeOfDay(item.at)} ${markWords(item.mark, names)}`;
  const what = item.segment ? segmentWords(item.segment) : t(`status.${item.status}`);
  const from = timeOfDay(item.at);
  const time = age(item.to - item.at);
  return open ? t("lanes.since", { from, what, time }) : t("lanes.from_to", { from, to: timeOfDay(item.to), what, time });
}

/** @param {import("./segments.js").Segment} segment */
function segmentWords({ kind, away, left }) {
  if (left) return t("lanes.kind.left");
  if (away) return t("lanes.kind.away");
  return kind === "unstable" ? t("lanes.kind.silent") : t(`counter.${kind}`);
}

/**
 * @param {import("./model.js").Mark} mark
 * @param {Names} names
 */
function markWords({ type, data }, { numbers }) {
  const number = numbers.get(data.question_id);
  const question = number === undefined ? t("lanes.question.other") : t("lanes.question", { number });
  const text = data.text ?? data.note ?? "";
  const told = type === "extended" ? t(data.minutes < 0 ? "lanes.mark.shortened" : "lanes.mark.extended", { count: Math.abs(data.minutes) }) : null;
  const short = text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT)}…` : text;
  if (type === "submitted") return t(`lanes.handed.${data.by}`, { answered: data.answered, total: data.total });
  if (type === "hand_raised") return short ? t("lanes.hand.text", { text: short }) : t("lanes.mark.hand_raised");
  return told ?? t(`lanes.mark.${type}`, { question, text: short, answered: data.answered ?? 0, total: data.total ?? 0 });
}

/**
 * Who was cut off together; of very many the first.
 * @param {import("./bands.js").Band} band
 * @param {(id: string) => string} nameOf
 */
export function bandWords({ at, to, ids, away }, nameOf) {
  const names = ids.slice(0, NAMED).map(nameOf).filter(Boolean).join(", ") + (ids.length > NAMED ? " …" : "");
  const back = away > 0 ? t("lanes.band.away", { count: away }) : t("lanes.band.back", { time: timeOfDay(to) });
  return `${t("lanes.band", { count: ids.length, time: timeOfDay(at) })} ${back} ${names}`;
}
