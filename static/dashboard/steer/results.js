/**
 * What came of the last commands: whom it was done for, and every student for whom it was not, with
 * the reason. The latest stays until it is closed. Earlier ones are folded away, as long as they have
 * something left to say: somebody was refused, or it can be taken back.
 */

import { h, setText, show } from "../../lib/dom.js";
import { refusal, t } from "../../words/index.js";
import { sentence } from "./command_dialog.js";
import { nameList, nameOf } from "./names.js";

const EARLIER_KEPT = 5;
const OPEN_UP_TO = 5; // longer lists of the refused are folded

/** What is about students: without any, nothing was changed. */
const PEOPLES = new Set(["extend", "message", "force_submit", "reopen", "give_back", "lower_hands"]);

export class Results {
  /** @param {import("./steer.js").Steer} steer */
  constructor(steer) {
    this.steer = steer;
    this.latest = h("div", { role: "status" });
    this.summary = h("summary", { class: "small" });
    this.list = h("div", { class: "stack tight" });
    this.earlier = h("details", { class: "earlier", hidden: true }, this.summary, this.list);
    this.element = h("div", { class: "results stack tight" }, this.latest, this.earlier);
    this.count();
  }

  /** @param {import("./outcome.js").Outcome} outcome */
  done(outcome) {
    const { state } = this.steer.look;
    const { undo } = outcome;
    const not = [
      ...outcome.unchanged.map((id) => [nameOf(state, id), t(`steer.unchanged.${outcome.name}`)]),
      ...outcome.refused.map(({ id, code, message }) => [nameOf(state, id), refusal(code, message)]),
    ];
    const changed = outcome.changed.map((id) => nameOf(state, id));
    const card = this.card(
      not.length > 0 ? "part" : "done",
      doneWords(outcome, changed),
      undo && ["steer.undo", () => this.undo(card, undo)],
    );
    if (not.length > 0) card.append(refusedList(not));
    this.add(card);
  }

  /**
   * @param {string} name
   * @param {InstanceType<typeof import("../../lib/api.js").ApiError>} error
   * @param {(() => void) | null} again null: it would be refused again
   */
  failed(name, error, again) {
    const words = `${t(`steer.go.${name}`)}: ${sentence(error)}`;
    const card = this.card("failed", words, again && ["steer.again", () => (this.remove(card), again())]);
    this.add(card);
  }

  /**
   * @param {HTMLElement} card
   * @param {import("./outcome.js").Undo} undo
   */
  async undo(card, { name, studentIds, fields }) {
    if (await this.steer.direct(name, studentIds, fields)) this.remove(card);
  }

  /**
   * @param {"done" | "part" | "failed"} kind
   * @param {string} words
   * @param {[string, () => void] | null} act
   * @returns {HTMLElement}
   */
  card(kind, words, act) {
    const close = h("button", { type: "button", class: "bare close", "aria-label": t("steer.close"), onclick: () => this.remove(card) }, "×");
    const button = act && h("button", { type: "button", class: "small-button", onclick: act[1] }, t(act[0]));
    const card = h("div", { class: "result", "data-kind": kind }, h("div", { class: "row" }, h("p", { class: "words" }, words), h("span", { class: "push row" }, button, close)));
    return card;
  }

  /** @param {HTMLElement} card */
  add(card) {
    const former = this.latest.firstElementChild;
    if (former?.querySelector("details, .small-button")) this.list.prepend(former);
    this.latest.replaceChildren(card);
    while (this.list.children.length > EARLIER_KEPT) this.list.lastElementChild?.remove();
    this.count();
  }

  /** @param {HTMLElement} card */
  remove(card) {
    card.remove();
    this.count();
  }

  count() {
    const count = this.list.children.length;
    show(this.earlier, count > 0);
    setText(this.summary, t("steer.earlier", { count }));
    show(this.element, count > 0 || this.latest.children.length > 0);
  }
}

/**
 * @param {import("./outcome.js").Outcome} outcome
 * @param {string[]} names
 */
function doneWords({ name, changed, fields, undo }, names) {
  const minutes = Math.abs(fields.minutes ?? 0);
  const sign = (fields.minutes ?? 0) < 0 ? "−" : "+";
  if (name === "extend" && undo?.studentIds === null) return t("steer.done.extend_all", { sign, minutes });
  if (PEOPLES.has(name) && changed.length === 0) return t("steer.done.nobody");
  return t(`steer.done.${name}`, { count: changed.length, names: nameList(names), sign, minutes });
}

/** @param {string[][]} not [name, reason] */
function refusedList(not) {
  const list = h("ul", { class: "refused" }, ...not.map(([name, reason]) => h("li", {}, h("strong", {}, name), `: ${reason}`)));
  return h("details", { open: not.length <= OPEN_UP_TO ? "" : null }, h("summary", {}, t("steer.not", { count: not.length })), list);
}
