/** What can be done for one student now. */

import { h, setText, show } from "../../lib/dom.js";
import { refusal, t } from "../../words/index.js";

const NAMES = ["message", "extend", "give_back", "lower_hands", "force_submit", "reopen"];

export class Acts {
  /**
   * @param {import("../parts.js").Page} page
   * @param {string} studentId
   * @param {string} name
   */
  constructor(page, studentId, name) {
    this.page = page;
    this.studentId = studentId;
    this.buttons = new Map(
      NAMES.map((act) => [act, h("button", { type: "button", hidden: true, onclick: () => this.run(act) }, t(`drawer.act.${act}`))]),
    );
    this.problem = h("p", { class: "error small", role: "alert" });
    const group = h("div", { class: "row", role: "group", "aria-label": t("drawer.actions", { name }) }, ...this.buttons.values());
    this.element = h("div", { class: "stack tight acts" }, group, this.problem);
  }

  /** The page's own list of what came of it may be covered by the drawer. @param {string} act */
  async run(act) {
    setText(this.problem, "");
    const outcome = await this.page.steer.run(act, [this.studentId]);
    const refused = outcome?.refused?.[0];
    if (refused) setText(this.problem, refusal(refused.code, refused.message));
  }

  /** @param {import("./section.js").Sight} sight */
  update(sight) {
    const offered = offeredFor(sight);
    for (const [act, button] of this.buttons) show(button, offered.has(act));
    show(this.element, offered.size > 0);
  }
}

/**
 * @param {import("./section.js").Sight} sight
 * @returns {Set<string>}
 */
export function offeredFor({ look: { state, may }, row, item }) {
  const { session } = state;
  const offered = new Set();
  if (!may.steer || session.status === "COMPLETED" || session.status === "CANCELLED") return offered;
  const running = session.status === "IN_PROGRESS";
  const closed = item?.status === "SUBMITTED";
  const timed = session.duration_seconds !== null;
  if (session.status !== "SCHEDULED") offered.add("message");
  if (timed && !closed) offered.add("extend");
  if (timed && running && !closed && item?.lost_seconds > 0) offered.add("give_back");
  if (row.handRaisedAt) offered.add("lower_hands");
  if (running && item?.status === "IN_PROGRESS") offered.add("force_submit");
  if (running && closed) offered.add("reopen");
  return offered;
}
