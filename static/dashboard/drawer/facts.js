/** How things stand with a student, in a few words each. Only what there is to say. */

import { h, setText, show } from "../../lib/dom.js";
import { age, clock, timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { questionName } from "../row_view.js";

const NOW_MS = 10_000;
const NAMES = ["question", "left", "extra", "seen", "saved", "joined", "submitted", "hand", "away", "reconnects", "lost"];

export class Facts {
  constructor() {
    this.entries = new Map(
      NAMES.map((name) => {
        const value = h("dd", { class: "numbers" });
        const entry = h("div", { "data-fact": name, hidden: true }, h("dt", {}, t(`drawer.fact.${name}`)), value);
        return [name, { entry, value }];
      }),
    );
    this.element = h("dl", { class: "facts" }, ...[...this.entries.values()].map(({ entry }) => entry));
  }

  /** @param {import("./section.js").Sight} sight */
  update(sight) {
    const words = wordsOf(sight);
    for (const [name, { entry, value }] of this.entries) {
      show(entry, Boolean(words[name]));
      if (words[name]) setText(value, words[name]);
    }
  }
}

/**
 * @param {import("./section.js").Sight} sight
 * @returns {Record<string, string | null | false>}
 */
function wordsOf({ look, row, item }) {
  const { names, now, state } = look;
  const minutes = Math.round(row.extraSeconds / 60);
  const joinedAt = state.participants.get(row.id)?.joined_at ?? null;
  return {
    question: row.questionId && questionName(names, row.questionId),
    left: row.leftMs !== null && clock(row.leftMs),
    extra: minutes !== 0 && t("table.extra", { sign: minutes > 0 ? "+" : "−", minutes: Math.abs(minutes) }),
    seen: seenWords(row),
    saved: row.savedAt && timeOfDay(row.savedAt),
    joined: joinedAt && timeOfDay(joinedAt),
    submitted: item?.submitted_at && timeOfDay(item.submitted_at),
    hand: row.handRaisedAt && [age(now - Date.parse(row.handRaisedAt)), row.handText].filter(Boolean).join(" · "),
    away: row.awayCount > 0 && [t("drawer.times", { count: row.awayCount }), row.away && t("drawer.away.now")].filter(Boolean).join(" · "),
    reconnects: row.reconnects > 0 && t("drawer.times", { count: row.reconnects }),
    lost: item?.lost_seconds > 0 && age(item.lost_seconds * 1000),
  };
}

/** @param {import("../row.js").Row} row */
function seenWords({ seenAgoMs, seenAt, status }) {
  if (seenAgoMs === null) return seenAt && timeOfDay(seenAt);
  return seenAgoMs < NOW_MS && status !== "disconnected" ? t("table.now") : t("table.ago", { age: age(seenAgoMs) });
}
