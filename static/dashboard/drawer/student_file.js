/** All that is known about one student, below the drawer's head. */

import { h, setText } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { endsAt } from "../deadlines.js";
import { Acts } from "./acts.js";
import { AnswersView } from "./answers_view.js";
import { Facts } from "./facts.js";
import { HighlightsView } from "./highlights_view.js";
import { lateAnswers } from "./late.js";
import { LateView } from "./late_view.js";
import { MessagesView, messagesTo } from "./messages_view.js";
import { Note } from "./note.js";
import { StudentWork } from "./student_work.js";
import { Tabs } from "./tabs.js";
import { TimelineView } from "./timeline_view.js";

export class StudentFile {
  /**
   * @param {object} options
   * @param {import("../parts.js").Page} options.page
   * @param {import("./people.js").People} options.people
   * @param {string} options.studentId
   * @param {string} options.name
   * @param {string} options.tab which view is seen first
   * @param {(tab: string) => void} options.turned
   * @param {() => void} options.changed
   */
  constructor({ page, people, studentId, name, tab, turned, changed }) {
    const { api, sessionId } = page;
    this.work = new StudentWork({ api, sessionId, studentId, changed });
    this.note = new Note(page, name);
    this.views = {
      answers: new AnswersView(`/sittings/${sessionId}/answers?student=${studentId}`),
      highlights: new HighlightsView(),
      messages: new MessagesView(people),
      history: new TimelineView(people),
    };
    this.above = [new Facts(), new Acts(page, studentId, name), this.note, new LateView(page, people, studentId)];
    const views = Object.entries(this.views).map(([key, { element }]) => ({ name: key, words: t(`drawer.${key}`), element }));
    this.tabs = new Tabs(t("drawer.label", { name }), views, turned);
    this.tabs.choose(tab);
    this.trouble = h("p", { class: "error small", role: "status" });
    this.element = h("div", { class: "stack file" }, this.trouble, ...this.above.map(({ element }) => element), this.tabs.element);
    /** @type {any[]} */
    this.lateFrom = [];
    /** @type {import("./late.js").Late[]} */
    this.late = [];
  }

  /**
   * @param {import("../parts.js").Look} look
   * @param {import("../row.js").Row} row
   */
  update(look, row) {
    const { work } = this;
    work.update(look.state);
    const item = look.state.attempts.get(row.id) ?? null;
    const late = this.lateOf(look, row.id);
    /** @type {import("./section.js").Sight} */
    const sight = { look, row, item, attempt: work.attempt, events: work.events, loaded: work.historyLoaded, late };
    setText(this.trouble, work.failed.size > 0 ? t("drawer.retry") : "");
    for (const part of this.above) part.update(sight);
    this.views[/** @type {keyof StudentFile["views"]} */ (this.tabs.current)].update(sight);
    this.tabs.count("answers", item ? `${item.answered}/${item.total}` : "");
    this.tabs.count("highlights", item?.highlights ? String(item.highlights) : "");
    const messages = messagesTo(look.state, row.id).length;
    this.tabs.count("messages", messages > 0 ? String(messages) : "");
  }

  /**
   * @param {import("../parts.js").Look} look
   * @param {string} studentId
   * @returns {import("./late.js").Late[]} the same value while nothing has changed
   */
  lateOf({ state: { session }, now }, studentId) {
    const from = [this.work.events, session];
    if (from.some((value, at) => value !== this.lateFrom[at])) {
      this.lateFrom = from;
      const ends = endsAt(session, now);
      this.late = lateAnswers(this.work.events, ends === null ? null : ends + (session.extra_seconds[studentId] ?? 0) * 1000);
    }
    return this.late;
  }

  /** What was written is saved, and nothing is asked any more. */
  leave() {
    this.note.save();
    this.work.stop();
  }
}
