/**
 * The picture of a sitting: its events, in the order in which they were committed, become tracks and
 * marks of each student. Pure, and cheap to go on with: an event touches only whom it is about.
 *
 * What the events do not tell, the picture does not know. `saved` is written at most once a question
 * and 30 s. A page hidden and shown again within 5 s of the last such pair may be left out; one that
 * stayed hidden is told by its `visible`. Silence leaves no event of its own: it is known where a
 * disconnect or a return after it names the last sign of life; a short one that ended by itself is
 * not known.
 *
 * @typedef {{id: string, version: number, at: string, type: string, student_id: string | null, actor_id: string | null, data: any}} SittingEvent
 *   as `GET /api/sessions/{id}/events` gives them
 * @typedef {{at: number, type: string, data: any}} Mark `data` as the event's
 * @typedef {{from: number, to: number}} Stretch milliseconds since 1970
 * @typedef {{id: string, at: number, from: number, to: number | null}} Cut a connection lost while the
 *   work was open: `at` as near as is known, `from` the last sign of life, `to` the return
 */

import { Lane, MARKS } from "./lane.js";
import { Track, countUpTo, insert } from "./track.js";

/** What is about the sitting, or everyone in it. */
const SITTING = new Set(["opened", "started", "paused", "resumed", "completed", "cancelled", "edited", "roster"]);

/** @type {Record<string, string>} the sitting's status after an event */
const STATUS_AFTER = {
  opened: "WAITING_FOR_STUDENTS",
  started: "IN_PROGRESS",
  paused: "PAUSED",
  resumed: "IN_PROGRESS",
  completed: "COMPLETED",
  cancelled: "CANCELLED",
};

export class Picture {
  /** @param {{heartbeatSeconds?: number}} [options] no sign for 2 of these: unstable */
  constructor({ heartbeatSeconds = 5 } = {}) {
    this.unstableMs = 2 * heartbeatSeconds * 1000;
    /** @type {Map<string, Lane>} by student; who has no event has no lane */
    this.lanes = new Map();
    /** @type {Track<string>} */
    this.status = new Track("SCHEDULED");
    /** @type {Mark[]} of the sitting as a whole, by time */
    this.marks = [];
    /** @type {{from: number, to: number | null}[]} */
    this.pauses = [];
    /** @type {Cut[]} in the order in which they became known */
    this.cuts = [];
    /** @type {number[]} when students first came, in order */
    this.joins = [];
    this.startedAt = Infinity;
    this.endedAt = Infinity;
    this.firstAt = Infinity; // somebody came, or it started
    this.lastAt = -Infinity;
    this.count = 0; // of events
  }

  /** @param {SittingEvent[]} events what follows, in order */
  add(events) {
    for (const event of events) this.take(event);
  }

  /** @param {SittingEvent} event */
  take(event) {
    const at = Date.parse(event.at);
    const { type, data } = event;
    this.count += 1;
    this.lastAt = Math.max(this.lastAt, at);
    if (type === "joined" || type === "started") this.firstAt = Math.min(this.firstAt, at);
    if (type === "joined") this.joins.splice(countUpTo(this.joins, at), 0, at);
    const mark = { at, type, data };
    for (const id of this.concerned(event)) this.lane(id).take(mark, this);
    if (type in STATUS_AFTER) this.turn(at, type);
    const forAll = MARKS.has(type) && !event.student_id && (data.student_ids ?? null) === null;
    if (SITTING.has(type) || forAll) insert(this.marks, mark);
    if (type === "roster") for (const id of data.added) this.lane(id).addedAt = at;
  }

  /**
   * @param {SittingEvent} event
   * @returns {Iterable<string>} students in whose lane it shows
   */
  concerned({ type, student_id: one, data }) {
    if (type === "given_back") return Object.keys(data.seconds);
    if (one) return [one];
    return Array.isArray(data.student_ids) ? data.student_ids : [];
  }

  /**
   * @param {number} at
   * @param {string} type
   */
  turn(at, type) {
    const from = this.status.put(at, STATUS_AFTER[type]);
    const open = this.pauses.at(-1);
    if (type === "paused") this.pauses.push({ from, to: null });
    else if (open && open.to === null) open.to = from;
    if (type === "started") this.startedAt = from;
    if (type === "completed" || type === "cancelled") {
      this.endedAt = from;
      for (const lane of this.lanes.values()) lane.endCut(from);
    }
  }

  /** How many students had come by then. @param {number} t */
  joinedBy(t) {
    return countUpTo(this.joins, t);
  }

  /** @param {string} id of a student */
  lane(id) {
    let lane = this.lanes.get(id);
    if (!lane) {
      lane = new Lane(id);
      this.lanes.set(id, lane);
    }
    return lane;
  }
}
