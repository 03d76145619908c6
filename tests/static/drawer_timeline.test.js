import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { concerns } from "../../static/dashboard/drawer/concerns.js";
import { lateAnswers, supersededAnswers } from "../../static/dashboard/drawer/late.js";
import { TELL, timelineOf } from "../../static/dashboard/drawer/timeline.js";
import en from "../../static/words/en.js";

const ADA = "ada";
let made = 0;

/** An event so many seconds after ten o'clock. */
function event(seconds, type, data = {}, more = {}) {
  made += 1;
  const id = `e${String(made).padStart(3, "0")}`;
  return { id, version: made, at: at(seconds), type, student_id: ADA, actor_id: null, data, ...more };
}

const at = (seconds) => new Date(Date.UTC(2026, 10, 22, 10) + seconds * 1000).toISOString();
const staff = { student_id: null, actor_id: "rivera" };
const told = (...events) => timelineOf(events, ADA);
const brief = (lines) => lines.map(({ kind, at: from, until }) => [kind, from.slice(14, 19), until?.slice(14, 19) ?? null]);

/** What each type of event carries, as monitor/domain writes it. */
const EVERY_TYPE = {
  opened: {},
  started: {},
  paused: {},
  resumed: { paused_at: at(0), seconds: 61.5 },
  completed: { by: "deadline" },
  cancelled: { reason: "fire alarm" },
  edited: { changes: { title: "New", duration_seconds: 600, scheduled_at: null, invigilator_ids: [], observer_ids: [], class_id: "c", test_id: "t" } },
  extended: { minutes: 5, student_ids: null },
  given_back: { seconds: { ada: 75 }, student_ids: [ADA, "bo"] },
  force_submitted: { student_ids: [ADA, "bo"], all: true },
  reopened: { student_ids: [ADA, "bo"], all: false },
  message: { text: "Quiet, please.", student_ids: null },
  hands_lowered: { student_ids: [ADA, "bo"] },
  student_added: { name: "Ada" },
  roster: { added: [ADA], removed: [] },
  note: { note: "ill" },
  late_accepted: { event_ids: ["x"] },
  late_left: { event_ids: ["x"] },
  joined: {},
  reconnected: { lost_seconds: 12.5 },
  taken_over: { lost_seconds: 0 },
  disconnected: { last_activity: at(0), why: "lease" },
  left: { last_activity: at(0) },
  hidden: {},
  visible: { hidden_at: at(0) },
  saved: { question_id: "q1", answered: 1, total: 4 },
  hand_raised: { text: "May I?" },
  hand_lowered: {},
  submitted: { by: "student", answered: 1, total: 4 },
  late_answer: { question_id: "q1", value: "a", answered_at: at(0), received_at: at(1) },
  answer_superseded: { question_id: "q1", value: "a", answered_at: at(0), received_at: at(1) },
};

test("every type of event that the server writes becomes a line that there are words for", () => {
  const source = readFileSync(new URL("../../monitor/domain/event.py", import.meta.url), "utf8");
  const types = [...source.matchAll(/^ {4}[A-Z_]+ = "(\w+)"$/gm)].map(([, type]) => type);
  assert.ok(types.length > 30);
  assert.deepEqual(Object.keys(EVERY_TYPE).sort(), [...types].sort());
  assert.deepEqual(Object.keys(TELL).sort(), [...types].sort());
  for (const type of types) {
    const lines = told(event(5, type, EVERY_TYPE[type]));
    assert.equal(lines.length, 1, type);
    assert.ok(`drawer.event.${lines[0].kind}` in en.entries, lines[0].kind);
  }
  for (const by of ["student", "teacher", "deadline", "completion"]) assert.ok(`drawer.event.submitted.${by}` in en.entries);
  for (const field of Object.keys(EVERY_TYPE.edited.changes)) assert.ok(`drawer.field.${field}` in en.entries, field);
});

test("what a student is not concerned by is not in their history", () => {
  const ours = [event(0, "started", {}, staff), event(1, "joined"), event(2, "message", { text: "x", student_ids: [ADA, "bo"] }, staff)];
  const others = [
    event(3, "joined", {}, { student_id: "bo" }),
    event(4, "message", { text: "x", student_ids: ["bo", "chi"] }, staff),
    event(5, "message", { text: "x", student_ids: [] }, staff),
    event(6, "roster", { added: ["bo"], removed: [] }, staff),
  ];
  assert.deepEqual(brief(told(...ours, ...others)).map(([kind]) => kind), ["started", "joined", "message"]);
  assert.ok(concerns(event(7, "roster", { added: [], removed: [ADA] }, staff), ADA));
});

test("gone and back is one line, from the last sign to the return", () => {
  const lines = told(event(0, "joined"), event(75, "disconnected", { last_activity: at(60), why: "lease" }), event(180, "reconnected", { lost_seconds: 120 }));
  assert.deepEqual(brief(lines), [["joined", "00:00", null], ["lost", "01:00", "03:00"]]);
  assert.deepEqual(lines[1].values, { time: "2:00" });
});

test("who is still away, came back in no time, or came back from an outage that nobody saw", () => {
  const end = (seconds) => event(seconds, "disconnected", { last_activity: at(seconds), why: "closed" });
  assert.deepEqual(brief(told(end(10))), [["disconnected", "00:10", null]]);
  assert.deepEqual(brief(told(end(10), event(15, "reconnected", { lost_seconds: 0 }))), [["away", "00:10", "00:15"]]);
  assert.deepEqual(brief(told(event(20, "reconnected", { lost_seconds: 30 }))), [["reconnected_lost", "00:20", null]]);
  assert.deepEqual(brief(told(event(20, "reconnected", { lost_seconds: 0 }))), [["reconnected", "00:20", null]]);
  const left = event(30, "left", { last_activity: at(29) });
  assert.deepEqual(brief(told(left, event(60, "reconnected", { lost_seconds: 31 }))), [["left_back", "00:29", "01:00"]]);
});

test("looked away and back is one line, also where only the return was written down", () => {
  const lines = told(event(10, "hidden"), event(22, "visible", { hidden_at: at(10) }), event(90, "visible", { hidden_at: at(60) }), event(99, "hidden"));
  assert.deepEqual(brief(lines), [["looked_away", "00:10", "00:22"], ["looked_away", "01:00", "01:30"], ["hidden", "01:39", null]]);
  assert.deepEqual(lines[0].values, { time: "0:12" });
});

test("answers saved in a row are one line with each question once", () => {
  const save = (seconds, question_id, answered) => event(seconds, "saved", { question_id, answered, total: 9 });
  const lines = told(save(1, "q1", 1), save(2, "q2", 2), save(40, "q1", 2), event(50, "hand_lowered"), save(60, "q3", 3));
  assert.deepEqual(lines.map(({ kind, questionIds }) => [kind, questionIds]), [["saved", ["q1", "q2"]], ["hand_lowered", []], ["saved", ["q3"]]]);
  assert.deepEqual([lines[0].until, lines[0].values], [at(40), { answered: 2, total: 9 }]);
  assert.deepEqual(told(save(5, "q2", 2), save(5, "q1", 1))[0].values, { answered: 2, total: 9 }, "in one request");
  const many = Array.from({ length: 8 }, (_, n) => save(n, `q${n}`, n + 1));
  assert.deepEqual(told(...many).map(({ questionIds }) => questionIds.length), [6, 2]);
});

test("handed in by the teacher is one line, with the reason of the command", () => {
  const version = 900;
  const close = event(60, "submitted", { by: "teacher", answered: 2, total: 4 }, { version });
  const force = event(60, "force_submitted", { student_ids: [ADA, "bo"], all: false, reason: "was ill" }, { ...staff, version });
  for (const events of [[close, force], [force, close]]) {
    const lines = told(...events);
    assert.deepEqual(lines.map(({ kind, reason, actorId }) => [kind, reason, actorId]), [["submitted.teacher", "was ill", "rivera"]]);
  }
  assert.deepEqual(told(force).map(({ kind }) => kind), ["force_submitted"]);
});

test("time given and taken is told for one and for all", () => {
  const extend = (minutes, student_ids) => event(1, "extended", { minutes, student_ids, reason: "late bus" }, staff);
  const [line] = told(extend(-5, [ADA, "bo"]));
  assert.deepEqual([line.kind, line.values, line.reason], ["shortened", { count: 5 }, "late bus"]);
  assert.equal(told(extend(5, null))[0].kind, "extended_all");
  assert.deepEqual(told(event(2, "given_back", { seconds: { ada: 75, bo: 3 }, student_ids: null }, staff))[0].values, { time: "1:15" });
  assert.deepEqual(told(event(3, "given_back", { seconds: { bo: 3 }, student_ids: null }, staff)), [], "nothing was lost");
});

test("what a sweep found out later stands at its time", () => {
  const late = event(200, "late_answer", { question_id: "q3", value: "x", answered_at: at(199), received_at: at(200) });
  const closed = event(120, "submitted", { by: "deadline", answered: 1, total: 4 });
  assert.deepEqual(brief(told(late, closed)).map(([kind]) => kind), ["submitted.deadline", "late_answer"]);
  const accepted = event(300, "late_accepted", { event_ids: [late.id] }, { actor_id: "rivera" });
  assert.deepEqual(told(closed, late, accepted)[2].questionIds, ["q3"]);
});

test("late answers say how late they came and what was decided", () => {
  const late = (seconds, question_id) => event(seconds, "late_answer", { question_id, value: "x", answered_at: at(seconds - 1), received_at: at(seconds) });
  const [one, two, three] = [late(132, "q1"), late(140, "q2"), late(150, "q3")];
  const events = [
    three,
    two,
    one,
    event(120, "submitted", { by: "deadline", answered: 1, total: 4 }),
    event(160, "late_left", { event_ids: [one.id, two.id], reason: "too late" }, { actor_id: "rivera" }),
    event(170, "late_accepted", { event_ids: [two.id] }, { actor_id: "kim" }),
  ];
  assert.deepEqual(
    lateAnswers(events).map(({ questionId, lateMs, decision }) => [questionId, lateMs, decision?.kind ?? null, decision?.reason ?? null]),
    [["q1", 12_000, "left", "too late"], ["q2", 20_000, "accepted", null], ["q3", 30_000, null, null]],
  );
  assert.equal(lateAnswers([one], Date.parse(at(130)))[0].lateMs, 2_000);
  assert.equal(lateAnswers([one])[0].lateMs, null);
});

test("answers that another device replaced are kept beside their question", () => {
  const lost = event(3, "answer_superseded", { question_id: "q1", value: "old", answered_at: at(2), received_at: at(3) });
  assert.deepEqual(supersededAnswers([event(1, "joined"), lost]), [{ id: lost.id, questionId: "q1", value: "old", answeredAt: at(2) }]);
});
