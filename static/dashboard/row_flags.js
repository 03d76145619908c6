/**
 * The notes beside a student's status: hand, looking away, reconnects, late answers, the staff's
 * note, who handed it in. Most rows have none, so each is made when it is first needed.
 */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { shape } from "../lib/shapes.js";
import { t } from "../words/index.js";

/** @typedef {import("./row.js").Row} Row */
/** @typedef {{element: HTMLElement, words: HTMLElement, button?: HTMLElement}} Flag */

/** One lost connection is everyday life; from here on it is worth a word. */
const MANY_RECONNECTS = 2;

export class RowFlags {
  constructor() {
    /** @type {Map<string, Flag>} */
    this.made = new Map();
    this.element = h("td", { class: "flags", role: "cell" });
  }

  /** @param {Row} row */
  update(row) {
    const told = new Map(flagsOf(row).map((flag) => [flag.kind, flag]));
    for (const [kind, { element }] of this.made) if (!told.has(kind)) show(element, false);
    for (const { kind, words, title } of told.values()) {
      const { element, words: place, button } = this.of(kind);
      show(element, true);
      setText(place, words);
      setAttribute(place, "title", title ?? null);
      if (button) setAttribute(button, "aria-label", t("live.hand.lower.label", { name: row.name }));
    }
  }

  /**
   * @param {string} kind
   * @returns {Flag}
   */
  of(kind) {
    let flag = this.made.get(kind);
    if (!flag) {
      flag = MAKE[kind]();
      this.made.set(kind, flag);
      // In the order of the kinds, whichever came first.
      const later = KINDS.slice(KINDS.indexOf(kind) + 1).map((other) => this.made.get(other)?.element);
      this.element.insertBefore(flag.element, later.find(Boolean) ?? null);
    }
    return flag;
  }
}

/**
 * What there is to note of a student, the most pressing first; pure.
 * @param {Row} row
 * @returns {{kind: string, words: string, title?: string}[]}
 */
export function flagsOf(row) {
  const flags = [];
  if (row.handRaisedAt) flags.push({ kind: "hand", words: row.handText || t("flag.hand"), title: row.handText ?? undefined });
  if (row.lateAnswers > 0) flags.push({ kind: "late", words: t("flag.late", { count: row.lateAnswers }) });
  if (row.away) flags.push({ kind: "away", words: t("flag.away") });
  if (row.awayCount > (row.away ? 1 : 0)) flags.push({ kind: "awayCount", words: t("flag.away.count", { count: row.awayCount }) });
  if (row.reconnects >= MANY_RECONNECTS) flags.push({ kind: "reconnects", words: t("flag.reconnects", { count: row.reconnects }) });
  if (row.note) flags.push({ kind: "note", words: row.note, title: row.note });
  if (row.status === "submitted" && row.submittedBy && row.submittedBy !== "student") {
    flags.push({ kind: "by", words: t(`flag.by.${row.submittedBy}`) });
  }
  return flags;
}

const KINDS = ["hand", "late", "away", "awayCount", "reconnects", "note", "by"];

/** @type {Record<string, () => Flag>} */
const MAKE = {
  hand: () => {
    const button = h("button", { class: "bare", type: "button", "data-act": "lower" }, t("live.hand.lower"));
    return flag("flag hand", "hand", button);
  },
  late: () => flag("flag warn", "alert"),
  away: () => flag("flag", "away"),
  awayCount: () => flag("said", null),
  reconnects: () => flag("said", null),
  note: () => flag("flag note", "note"),
  by: () => flag("said", null),
};

/**
 * @param {string} name class
 * @param {string | null} form
 * @param {HTMLElement} [button]
 * @returns {Flag}
 */
function flag(name, form, button) {
  const words = h("span", { class: "words" });
  return { words, button, element: h("span", { class: name }, form && shape(form), words, button) };
}
