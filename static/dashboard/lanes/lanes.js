/** The live page's view of a sitting as lanes: its history, and what comes. */

import { counts } from "../sorting.js";
import { t } from "../../words/index.js";
import { Board } from "./board.js";
import { History } from "./history.js";

export class Lanes {
  /** @param {import("../parts.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {import("../parts.js").Look | null} */
    this.look = null;
    this.history = new History(page, () => this.look && this.update(this.look));
    this.board = new Board({
      open: (studentId) => page.openStudent(studentId),
      give: ({ ids, from, to }) => page.steer.run("give_back", ids, { from: iso(Math.floor(from / 1000)), to: iso(Math.ceil(to / 1000)) }),
    });
    this.element = this.board.element;
  }

  /** @param {import("../parts.js").Look} look */
  update(look) {
    this.look = look;
    const { history } = this;
    const { state, rows, shown, now, names, may } = look;
    history.follow(state, this.page.feed.heartbeatSeconds);
    const { session } = state;
    this.board.update({
      picture: history.picture,
      people: shown,
      everyone: rows.map(({ id }) => id),
      counts: { ...counts(rows), away: rows.filter(({ away }) => away).length },
      now,
      lastSign: (id) => lastSign(state.participants.get(id)),
      names,
      mayGive: may.steer && session.status === "IN_PROGRESS" && session.duration_seconds !== null,
      notice: history.ready ? "" : t(history.failed ? "lanes.failed" : "lanes.loading"),
    });
  }
}

/** @param {any} participant */
function lastSign(participant) {
  return participant?.connection_status === "CONNECTED" ? Date.parse(participant.last_activity) : null;
}

/** Whole seconds: a field for a time has no smaller ones. @param {number} seconds */
function iso(seconds) {
  return new Date(seconds * 1000).toISOString();
}
