/** What can be done to the whole sitting now; which buttons there are follows from its state. */

import { h, show } from "../../lib/dom.js";
import { statusOf } from "../../lib/session_words.js";
import { t } from "../../words/index.js";
import { isExtendable } from "./extend_preview.js";

/** Which commands a sitting in this state offers. @type {Record<string, string[]>} */
const OFFERED = {
  SCHEDULED: ["open", "extend", "add_pupil", "cancel"],
  WAITING_FOR_STUDENTS: ["start", "extend", "message", "add_pupil", "cancel"],
  IN_PROGRESS: ["extend", "message", "pause", "give_back", "add_pupil", "complete", "cancel"],
  PAUSED: ["resume", "extend", "message", "give_back", "add_pupil", "complete", "cancel"],
  COMPLETED: ["export"],
  CANCELLED: [],
};

const NAMES = ["open", "start", "resume", "extend", "message", "pause", "give_back", "add_pupil", "complete", "cancel", "export"];
const MAIN = new Set(["open", "start", "resume"]);
const DANGER = new Set(["complete", "cancel"]);
const NEEDS_TIME = new Set(["extend", "give_back"]);

export class SteerBar {
  /** @param {import("./steer.js").Steer} steer */
  constructor(steer) {
    this.buttons = new Map(
      NAMES.map((name) => {
        const style = [MAIN.has(name) && "main", DANGER.has(name) && "danger"].filter(Boolean).join(" ");
        return [name, h("button", { type: "button", class: style, "data-command": name, onclick: () => steer.run(name) }, t(`steer.bar.${name}`))];
      }),
    );
    this.element = h("div", { class: "row actions", role: "group", "aria-label": t("steer.bar.label") }, ...this.buttons.values());
  }

  /** @param {import("../parts.js").Look} look */
  update({ state: { session }, may }) {
    const offered = OFFERED[statusOf(session)] ?? [];
    for (const [name, button] of this.buttons) {
      const allowed = may.steer || name === "export";
      show(button, allowed && offered.includes(name) && (!NEEDS_TIME.has(name) || isExtendable(session)));
    }
    show(this.element, may.steer || offered.includes("export"));
  }
}
