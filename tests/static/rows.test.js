import assert from "node:assert/strict";
import { test } from "node:test";

import { endsAt, timeLeft } from "../../static/dashboard/deadlines.js";
import { byName, everyone, rowOf, sameFacts } from "../../static/dashboard/row.js";
import { chosen, counts } from "../../static/dashboard/sorting.js";
import { fromSnapshot } from "../../static/dashboard/state.js";

const START = Date.parse("2026-11-22T10:00:00.000Z");
const at = (seconds) => new Date(START + seconds * 1000).toISOString();

const session = {
  id: "s",
  status: "IN_PROGRESS",
  started_at: at(0),
  duration_seconds: 1800,
  extended_seconds: 300,
  paused_seconds: 60,
  paused_at: null,
  ends_at: at(2160),
  extra_seconds: { bo: 600 },
};

const attempt = (student, more = {}) => ({
  id: `a-${student}`,
  student_id: student,
  status: "IN_PROGRESS",
  answered: 3,
  total: 12,
  question_id: "q4",
  visible: true,
  hand_raised_at: null,
  late_answers: 0,
  last_saved_at: at(90),
  ...more,
});

const participant = (student, more = {}) => ({
  student_id: student,
  connection_status: "CONNECTED",
  last_activity: at(99),
  disconnected_at: null,
  ...more,
});

function sitting(participants, attempts) {
  return fromSnapshot({
    session_id: "s",
    version: 1,
    epoch: "e",
    session,
    students: ["ada", "bo", "chi", "dan"].map((id) => ({ id, name: id })),
    participants,
    attempts,
    messages: [],
  });
}

const NOW = START + 100_000;

test("the time left counts own extra time", () => {
  assert.equal(timeLeft(session, "ada", NOW), 2_060_000);
  assert.equal(timeLeft(session, "bo", NOW), 2_660_000);
  assert.equal(timeLeft(session, null, NOW), 2_060_000);
});

test("while paused the time left stands still", () => {
  const paused = { ...session, ends_at: null, paused_at: at(100) };
  assert.equal(timeLeft(paused, "ada", NOW), 2_060_000);
  assert.equal(timeLeft(paused, "ada", NOW + 500_000), 2_060_000);
});

test("without a duration, or before the start, there is no time left to show", () => {
  assert.equal(endsAt({ ...session, ends_at: null, duration_seconds: null, paused_at: at(9) }, NOW), null);
  assert.equal(timeLeft({ ...session, status: "WAITING_FOR_STUDENTS" }, "ada", NOW), null);
});

test("a row tells the status with its age, the place, and what was saved", () => {
  const state = sitting([participant("ada", { connection_status: "DISCONNECTED", disconnected_at: at(59) })], [attempt("ada")]);
  const row = rowOf(state, "ada", NOW, 5);
  assert.equal(row.status, "disconnected");
  assert.equal(row.statusAgeMs, 41_000);
  assert.deepEqual([row.answered, row.total, row.questionId, row.savedAt], [3, 12, "q4", at(90)]);
  assert.equal(row.seenAgoMs, 1_000);
});

test("somebody who never came has an empty row", () => {
  const row = rowOf(sitting([], []), "dan", NOW, 5);
  assert.deepEqual([row.status, row.total, row.seenAgoMs, row.savedAt, row.away], ["absent", 0, null, null, false]);
});

test("looking away is told only of who is connected and at work", () => {
  const away = { visible: false };
  assert.equal(rowOf(sitting([participant("ada")], [attempt("ada", away)]), "ada", NOW, 5).away, true);
  const gone = participant("ada", { connection_status: "DISCONNECTED", disconnected_at: at(1) });
  assert.equal(rowOf(sitting([gone], [attempt("ada", away)]), "ada", NOW, 5).away, false);
  const done = attempt("ada", { ...away, status: "SUBMITTED" });
  assert.equal(rowOf(sitting([participant("ada")], [done]), "ada", NOW, 5).away, false);
});

test("someone handed in has no time left and no question", () => {
  const row = rowOf(sitting([participant("ada")], [attempt("ada", { status: "SUBMITTED", submitted_by: "student" })]), "ada", NOW, 5);
  assert.deepEqual([row.leftMs, row.questionId, row.status], [null, null, "submitted"]);
});

test("a hand counts until the work is handed in", () => {
  const up = { hand_raised_at: at(50) };
  assert.equal(rowOf(sitting([participant("ada")], [attempt("ada", up)]), "ada", NOW, 5).handRaisedAt, at(50));
  const done = attempt("ada", { ...up, status: "SUBMITTED" });
  assert.equal(rowOf(sitting([participant("ada")], [done]), "ada", NOW, 5).handRaisedAt, null);
});

test("in a sitting that is over nothing ages any more", () => {
  const state = sitting([participant("ada")], [attempt("ada")]);
  const over = rowOf({ ...state, session: { ...session, status: "COMPLETED" } }, "ada", NOW, 5);
  assert.deepEqual([over.seenAgoMs, over.seenAt, over.leftMs], [null, at(99), null]);
});

test("two rows that differ in what ticks tell the same, until the time left ends", () => {
  const state = sitting([participant("ada")], [attempt("ada")]);
  const row = rowOf(state, "ada", NOW, 5);
  assert.equal(sameFacts(row, rowOf(state, "ada", NOW + 2_000, 5)), true);
  assert.equal(sameFacts(row, rowOf(state, "ada", NOW + 10_000, 5)), false); // unstable by now
  assert.equal(sameFacts(row, { ...row, leftMs: null }), false);
  assert.equal(sameFacts(row, rowOf(sitting([participant("ada")], [attempt("ada", { note: "Sits in front" })]), "ada", NOW, 5)), false);
  assert.equal(sameFacts(undefined, row), false);
});

test("everyone is the list by name, and whoever joined besides", () => {
  assert.deepEqual(everyone(sitting([participant("eve")], [])), ["ada", "bo", "chi", "dan", "eve"]);
});

const row = (name, more = {}) => ({ id: name, name, status: "online", answered: 1, leftMs: 1, handRaisedAt: null, away: false, lateAnswers: 0, ...more });

const LISTED = [
  row("Zoe"),
  row("Ada", { status: "submitted" }),
  row("Bo", { handRaisedAt: at(50) }),
  row("Chi", { status: "disconnected" }),
  row("Dan", { status: "absent" }),
  row("Eve", { handRaisedAt: at(20) }),
  row("Fay", { status: "unstable" }),
  row("Gil", { away: true }),
  row("Åke", { answered: 0 }),
];

const CLASS = LISTED.toSorted(byName); // as rows come

const names = (rows) => rows.map(({ name }) => name);

test("problems come first: lost, hands in their order, unstable, looking away, then the rest by name", () => {
  const rows = chosen(CLASS, { order: "problems", filter: null, search: "" });
  assert.deepEqual(names(rows), ["Chi", "Eve", "Bo", "Fay", "Gil", "Åke", "Zoe", "Dan", "Ada"]);
});

test("a counter filters what it counts, a search finds parts of names", () => {
  assert.deepEqual(names(chosen(CLASS, { order: "name", filter: "hand", search: "" })), ["Bo", "Eve"]);
  assert.deepEqual(names(chosen(CLASS, { order: "name", filter: null, search: " A" })), ["Ada", "Dan", "Fay"]);
});

test("counters add up to everyone", () => {
  const { enrolled, hand, ...shown } = counts(CLASS);
  assert.equal(enrolled, 9);
  assert.equal(hand, 2);
  assert.equal(Object.values(shown).reduce((sum, count) => sum + count, 0), enrolled);
});
