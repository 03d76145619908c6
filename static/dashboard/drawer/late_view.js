/** Answers that came too late, beside the student they are of: accepted or left out, with a reason. */

import { h, show } from "../../lib/dom.js";
import { shape } from "../../lib/shapes.js";
import { age, timeOfDay } from "../../lib/time.js";
import { t } from "../../words/index.js";
import { questionName } from "../row_view.js";
import { Section, questionOf } from "./section.js";
import { valueView } from "./values.js";

export class LateView extends Section {
  /**
   * @param {import("../parts.js").Page} page
   * @param {import("./people.js").People} people
   * @param {string} studentId
   */
  constructor(page, people, studentId) {
    super();
    this.page = page;
    this.people = people;
    this.studentId = studentId;
    this.list = h("ul", { class: "stack late" });
    this.element = h("section", { class: "stack tight", hidden: true }, h("h3", {}, t("drawer.late")), this.list);
  }

  /** @param {import("./section.js").Sight} sight */
  update(sight) {
    const { look, late, attempt } = sight;
    if (!this.isNew(late, attempt, look.names, look.may.steer, this.people.known)) return;
    show(this.element, late.length > 0);
    this.list.replaceChildren(...late.map((one) => this.item(one, sight)));
  }

  /**
   * @param {import("./late.js").Late} late
   * @param {import("./section.js").Sight} sight
   */
  item(late, { look, attempt }) {
    const question = questionOf(look.names, late.questionId);
    const name = questionName(look.names, late.questionId);
    const stands = attempt?.answers[late.questionId];
    const outdone = Boolean(stands && stands.answered_at > late.answeredAt);
    const came = [
      t("drawer.late.came", { answered: timeOfDay(late.answeredAt), received: timeOfDay(late.receivedAt) }),
      late.lateMs === null ? null : t("drawer.late.by", { time: age(late.lateMs) }),
    ];
    return h(
      "li",
      { class: "card stack tight", "data-late": late.decision?.kind ?? "waits" },
      h("p", { class: "row" }, shape(SHAPES[late.decision?.kind ?? "waits"]), h("strong", {}, name), h("span", { class: "soft small" }, came.filter(Boolean).join(" · "))),
      question ? h("p", { class: "soft small" }, question.prompt) : null,
      valueView(question, late.value),
      this.decision(late),
      outdone ? h("p", { class: "small" }, t("drawer.late.later_stands")) : null,
      look.may.steer ? this.choices(late, name, outdone) : null,
    );
  }

  /** @param {import("./late.js").Late} late */
  decision({ decision }) {
    if (decision === null) return h("p", { class: "small" }, t("drawer.late.waits"));
    const { kind, at, actorId, reason } = decision;
    const words = [
      t(`drawer.late.${kind}`, { time: timeOfDay(at) }),
      actorId && t("drawer.by", { name: this.people.name(actorId) }),
      reason && t("drawer.quote", { text: reason }),
    ];
    return h("p", { class: "small" }, words.filter(Boolean).join(" "));
  }

  /**
   * @param {import("./late.js").Late} late
   * @param {string} question
   * @param {boolean} outdone accepting it later would change nothing
   */
  choices({ id, decision }, question, outdone) {
    const about = t("drawer.late.about", { question });
    const act = (/** @type {string} */ name, /** @type {string} */ words) =>
      h("button", { type: "button", "aria-label": `${words}: ${about}`, onclick: () => this.page.steer.run(name, [this.studentId], { event_ids: [id] }) }, words);
    if (decision === null) return h("div", { class: "row" }, act("accept_late", t("drawer.late.accept")), act("leave_late", t("drawer.late.leave")));
    if (decision.kind === "accepted" || outdone) return null;
    return h("div", { class: "row" }, act("accept_late", t("drawer.late.after_all")));
  }
}

const SHAPES = { waits: "alert", accepted: "submitted", left: "cancelled" };
