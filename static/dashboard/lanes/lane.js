/**
 * One student over time: tracks of connection, work, looking away and hand, and what happened at
 * moments. Which status that makes at a moment is one table (`statusAt`), the server's
 * `shown_status` told of the past.
 *
 * @typedef {import("./model.js").Mark} Mark
 * @typedef {import("./model.js").Picture} Picture
 * @typedef {import("../status.js").Shown} Shown
 */

import { Track, insert } from "./track.js";

const WORK = ["saved", "late_answer", "answer_superseded", "late_accepted", "late_left", "submitted", "reopened", "taken_over"];

/** The types of events that are a mark of their own: in a student's lane, or in the sitting's. */
export const MARKS = new Set([...WORK, "message", "extended", "given_back", "hand_raised", "note"]);

export class Lane {
  /** @param {string} id of the student */
  constructor(id) {
    this.id = id;
    this.addedAt = -Infinity; // to the list, where that was done while the sitting was there
    this.joinedAt = Infinity;
    /** @type {Track<"never" | "here" | "lost" | "left">} */
    this.link = new Track("never");
    /** @type {Track<null | "student" | "teacher" | "deadline" | "completion">} who handed in */
    this.handedIn = new Track(null);
    /** @type {Track<boolean>} */
    this.hidden = new Track(false);
    /** @type {Track<string | null>} the words of a raised hand, perhaps none; null: no hand */
    this.hand = new Track(null);
    /** @type {Track<{answered: number, total: number}>} */
    this.answered = new Track({ answered: 0, total: 0 });
    /** @type {import("./model.js").Stretch[]} without a sign of life, as far as told */
    this.silences = [];
    /** @type {Mark[]} by time */
    this.marks = [];
    /** @type {import("./model.js").Cut | null} the one that lasts */
    this.cut = null;
  }

  /**
   * @param {Mark} mark what happened to this student
   * @param {Picture} picture
   */
  take(mark, picture) {
    const { at, type, data } = mark;
    if (MARKS.has(type)) insert(this.marks, mark);
    switch (type) {
      case "student_added":
        this.addedAt = at;
        break;
      case "joined":
        this.joinedAt = this.link.put(at, "here");
        break;
      case "reconnected":
      case "taken_over":
        this.comeBack(at, data, picture);
        break;
      case "disconnected":
        this.goAway(at, data, picture);
        break;
      case "left":
        this.link.put(at, "left");
        break;
      case "hidden":
        this.hidden.put(at, true);
        break;
      case "visible":
        if (!this.hidden.last && data.hidden_at) this.hidden.put(Date.parse(data.hidden_at), true);
        this.hidden.put(at, false);
        break;
      case "hand_raised":
        this.hand.put(at, data.text ?? "");
        break;
      case "hand_lowered":
      case "hands_lowered":
        this.hand.put(at, null);
        break;
      case "submitted":
        this.submit(at, data);
        break;
      case "reopened":
        this.handedIn.put(at, null);
        break;
      case "saved":
        this.answered.put(at, data);
        break;
      default:
    }
  }

  /**
   * A return tells of the silence before it, also where nobody had noticed that the line was dead.
   * @param {number} at
   * @param {any} data
   * @param {Picture} picture
   */
  comeBack(at, data, picture) {
    const from = lastSign(data) ?? at - (data.lost_seconds ?? 0) * 1000;
    if (this.link.last === "here" && at - from > picture.unstableMs) {
      this.silences.push({ from, to: at });
      this.lose({ id: this.id, at: from, from, to: at }, picture);
    }
    this.endCut(this.link.put(at, "here"));
  }

  /**
   * @param {number} at
   * @param {any} data
   * @param {Picture} picture
   */
  goAway(at, data, picture) {
    const from = lastSign(data) ?? at;
    this.silences.push({ from, to: this.link.put(at, "lost") });
    // A socket that closed tells when; one that went silent was cut soon after its last sign.
    this.lose({ id: this.id, at: data.why === "lease" ? from : at, from, to: null }, picture);
  }

  /**
   * @param {import("./model.js").Cut} cut
   * @param {Picture} picture
   */
  lose(cut, picture) {
    if (this.handedIn.last !== null) return;
    picture.cuts.push(cut);
    if (cut.to === null) this.cut = cut;
  }

  /** @param {number} at the connection is back, or matters no more */
  endCut(at) {
    if (this.cut) this.cut.to = Math.max(at, this.cut.at);
    this.cut = null;
  }

  /**
   * A hand-in that came in time although the deadline had closed the work takes its place.
   * @param {number} at
   * @param {any} data
   */
  submit(at, data) {
    const { handedIn } = this;
    if (handedIn.last !== null) {
      handedIn.at.pop();
      handedIn.values.pop();
    }
    handedIn.put(at, data.by);
    this.answered.put(at, data);
    this.endCut(at);
  }

  /**
   * @param {Picture} picture
   * @param {number} t a moment; never is Infinity
   * @returns {Shown}
   */
  statusAt(picture, t) {
    if (this.handedIn.value(t) !== null) return "submitted";
    if (t < this.joinedAt) return "absent";
    if (t >= picture.endedAt || this.link.value(t) !== "here") return "disconnected";
    if (this.isSilent(picture, t)) return "unstable";
    return t >= picture.startedAt ? "online" : "waiting";
  }

  /**
   * @param {Picture} picture
   * @param {number} t
   */
  isSilent({ unstableMs }, t) {
    return this.silences.some(({ from, to }) => t > from + unstableMs && t < to);
  }

  /**
   * Whether the student looks at something else, which is told only of who is there and at work.
   * @param {Picture} picture
   * @param {number} t
   */
  isAway(picture, t) {
    return this.hidden.value(t) && ["online", "unstable"].includes(this.statusAt(picture, t));
  }
}

/** @param {any} data */
function lastSign({ last_activity: at }) {
  return at ? Date.parse(at) : null;
}
