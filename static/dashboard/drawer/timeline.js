/**
 * A student's history as lines to read: what belongs together is one line (gone and back, looked
 * away and back, a row of saved answers, handed in by the teacher for a reason). Pure.
 *
 * @typedef {object} Line
 * @property {string} id of the event that began it
 * @property {string} at
 * @property {string | null} until null: a moment, or not over yet
 * @property {string} kind there are words for each: `drawer.event.<kind>`
 * @property {string} shape a name of shapes.js
 * @property {Record<string, string | number>} values for the words
 * @property {string[]} questionIds
 * @property {string[]} fields of the sitting that were changed
 * @property {string | null} actorId who of the staff did it
 * @property {string | null} reason
 * @property {string | null} text that was written
 *
 * @typedef {object} Told what is known while the events are gone through
 * @property {string} studentId
 * @property {Line[]} lines
 * @property {Line | null} gone the connection's end that no return has followed yet
 * @property {Line | null} hidden since when they look away
 * @property {Map<number, any>} forced `force_submitted` by version
 * @property {Set<number>} closed versions at which the teacher handed in for the student
 * @property {Map<string, string>} late question of each late answer
 */

import { age } from "../../lib/time.js";
import { concerns, inOrder } from "./concerns.js";

/** So many saved answers in a row are one line. */
const SAVED_TOGETHER = 6;

/**
 * @param {any[]} events of the sitting; those that do not concern the student are passed over
 * @param {string} studentId
 * @returns {Line[]} the oldest first
 */
export function timelineOf(events, studentId) {
  const mine = inOrder(events.filter((event) => concerns(event, studentId)));
  const ofType = (/** @type {string} */ type) => mine.filter((event) => event.type === type);
  /** @type {Told} */
  const told = {
    studentId,
    lines: [],
    gone: null,
    hidden: null,
    forced: new Map(ofType("force_submitted").map((event) => [event.version, event])),
    closed: new Set(ofType("submitted").filter(({ data }) => data.by === "teacher").map(({ version }) => version)),
    late: new Map(ofType("late_answer").map((event) => [event.id, event.data.question_id])),
  };
  for (const event of mine) TELL[event.type]?.(event, told);
  return inOrder(told.lines);
}

/**
 * @param {Told} told
 * @param {any} event
 * @param {string} kind
 * @param {string} shape
 * @param {Partial<Line>} [more]
 * @returns {Line}
 */
function add(told, event, kind, shape, more = {}) {
  const line = {
    id: event.id,
    at: event.at,
    until: null,
    kind,
    shape,
    values: {},
    questionIds: [],
    fields: [],
    actorId: event.actor_id,
    reason: event.data.reason ?? null,
    text: null,
    ...more,
  };
  told.lines.push(line);
  return line;
}

/** @typedef {(event: any, told: Told) => void} Teller */

/**
 * @param {string} kind
 * @param {string} shape
 * @param {(event: any, told: Told) => Partial<Line>} [more]
 * @returns {Teller}
 */
function plain(kind, shape, more = () => ({})) {
  return (event, told) => {
    add(told, event, kind, shape, more(event, told));
  };
}

/** @type {Record<string, Teller>} by the type of the event */
export const TELL = {
  opened: plain("opened", "waiting"),
  started: plain("started", "online"),
  paused: plain("paused", "paused"),
  resumed: plain("resumed", "online", ({ data }) => ({ values: { time: age(data.seconds * 1000) } })),
  completed: (event, told) => void add(told, event, event.data.by === "deadline" ? "time_up" : "completed", "submitted"),
  cancelled: plain("cancelled", "cancelled"),
  edited: plain("edited", "note", ({ data }) => ({ fields: Object.keys(data.changes) })),
  extended,
  given_back: (event, told) => {
    const seconds = event.data.seconds[told.studentId];
    if (seconds) add(told, event, "given_back", "scheduled", { values: { time: age(seconds * 1000) } });
  },
  force_submitted: (event, told) => {
    if (!told.closed.has(event.version)) add(told, event, "force_submitted", "submitted");
  },
  reopened: plain("reopened", "back"),
  message: plain("message", "flag", ({ data }) => ({ text: data.text })),
  hands_lowered: plain("hands_lowered", "hand"),
  student_added: plain("student_added", "online"),
  roster: (event, told) => void add(told, event, event.data.added.includes(told.studentId) ? "listed" : "unlisted", "note"),
  note: (event, told) => void add(told, event, event.data.note === null ? "note_removed" : "note", "note", { text: event.data.note }),
  late_accepted: plain("late_accepted", "submitted", decided),
  late_left: plain("late_left", "cancelled", decided),
  joined: plain("joined", "online"),
  reconnected,
  taken_over: plain("taken_over", "next"),
  disconnected: (event, told) => gone(event, told, "disconnected"),
  left: (event, told) => gone(event, told, "left"),
  hidden: (event, told) => {
    told.hidden = add(told, event, "hidden", "away");
  },
  visible,
  saved,
  hand_raised: plain("hand_raised", "hand", ({ data }) => ({ text: data.text ?? null })),
  hand_lowered: plain("hand_lowered", "hand"),
  submitted,
  late_answer: plain("late_answer", "alert", ({ data }) => ({ questionIds: [data.question_id] })),
  answer_superseded: plain("answer_superseded", "note", ({ data }) => ({ questionIds: [data.question_id] })),
};

/** @type {Teller} */
function extended(event, told) {
  const { minutes, student_ids } = event.data;
  const kind = `${minutes < 0 ? "shortened" : "extended"}${student_ids ? "" : "_all"}`;
  add(told, event, kind, "scheduled", { values: { count: Math.abs(minutes) } });
}

/**
 * @param {any} event
 * @param {Told} told
 */
function decided({ data }, { late }) {
  const questionIds = data.event_ids.map((/** @type {string} */ id) => late.get(id)).filter(Boolean);
  return { questionIds: [...new Set(questionIds)] };
}

/**
 * @param {any} event
 * @param {Told} told
 * @param {"disconnected" | "left"} kind
 */
function gone(event, told, kind) {
  told.gone = add(told, event, kind, "disconnected", { at: event.data.last_activity ?? event.at });
}

/** @type {Teller} */
function reconnected(event, told) {
  const lost = event.data.lost_seconds ?? 0;
  const values = { time: age(lost * 1000) };
  if (!told.gone) {
    add(told, event, lost > 0 ? "reconnected_lost" : "reconnected", "online", { values });
    return;
  }
  const left = told.gone.kind === "left";
  Object.assign(told.gone, { until: event.at, values, kind: left ? "left_back" : lost > 0 ? "lost" : "away" });
  told.gone = null;
}

/** @type {Teller} */
function visible(event, told) {
  const line = told.hidden ?? add(told, event, "looked_away", "away", { at: event.data.hidden_at ?? event.at });
  told.hidden = null;
  const time = age(Date.parse(event.at) - Date.parse(line.at));
  Object.assign(line, { kind: "looked_away", until: event.at, values: { time } });
}

/** @type {Teller} */
function saved(event, told) {
  const { question_id, answered, total } = event.data;
  const values = { answered, total };
  const last = told.lines.at(-1);
  if (last?.kind === "saved" && last.questionIds.length < SAVED_TOGETHER) {
    const questionIds = [...new Set([...last.questionIds, question_id])];
    // What came in one request came at one moment, in no order: the most answered was the last.
    if ((last.until ?? last.at) === event.at) values.answered = Math.max(answered, Number(last.values.answered));
    Object.assign(last, { until: event.at, values, questionIds });
  } else add(told, event, "saved", "submitted", { values, questionIds: [question_id] });
}

/** @type {Teller} */
function submitted(event, told) {
  const { by, answered, total } = event.data;
  const forced = by === "teacher" ? told.forced.get(event.version) : null;
  add(told, event, `submitted.${by}`, "submitted", {
    values: { answered, total },
    reason: forced?.data.reason ?? null,
    actorId: forced?.actor_id ?? event.actor_id,
  });
}
