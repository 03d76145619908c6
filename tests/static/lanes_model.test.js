import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { bandsOf, many } from "../../static/dashboard/lanes/bands.js";
import { Picture } from "../../static/dashboard/lanes/model.js";
import { countsAt, segmentsOf, stateAt, summaryOf } from "../../static/dashboard/lanes/segments.js";

const START = Date.parse("2026-11-22T10:00:00.000Z");
const ms = (seconds) => START + seconds * 1000;
const at = (seconds) => new Date(ms(seconds)).toISOString();

/** Lines of history: seconds after ten o'clock, type, student, data. */
function history(...lines) {
  return lines.map(([seconds, type, student = null, data = {}], index) => ({
    id: `e${index}`,
    version: index + 1,
    at: at(seconds),
    type,
    student_id: student,
    actor_id: null,
    data,
  }));
}

function picture(...lines) {
  const made = new Picture();
  made.add(history(...lines));
  return made;
}

const statuses = (made, id, ...seconds) => seconds.map((second) => stateAt(made, id, ms(second)).status);
const stretches = (made, id, until, lastSign = null) =>
  segmentsOf(made, made.lanes.get(id), ms(until), lastSign).map(({ kind, from, to, away }) =>
    [away ? `${kind}, away` : kind, (from - START) / 1000, (to - START) / 1000],
  );
const marks = (made, id) => made.lanes.get(id).marks.map(({ type, at: when }) => [type, (when - START) / 1000]);

const lost = (seconds, lastSign, student = "ada", why = "lease") => [seconds, "disconnected", student, { last_activity: at(lastSign), why }];
const back = (seconds, lastSign, student = "ada") => [seconds, "reconnected", student, { lost_seconds: seconds - lastSign, last_activity: at(lastSign) }];

test("a student is absent, waits, works and hands in", () => {
  const made = picture([0, "opened"], [10, "joined", "ada"], [60, "started"], [90, "saved", "ada", { question_id: "q1", answered: 1, total: 4 }], [300, "submitted", "ada", { by: "student", answered: 1, total: 4 }]);
  assert.deepEqual(statuses(made, "ada", 9, 10, 59, 60, 299, 300, 900), ["absent", "waiting", "waiting", "online", "online", "submitted", "submitted"]);
  assert.deepEqual(stretches(made, "ada", 400), [["waiting", 10, 60], ["online", 60, 300], ["submitted", 300, 400]]);
  assert.deepEqual(marks(made, "ada"), [["saved", 90], ["submitted", 300]]);
  assert.equal(stateAt(made, "ada", ms(89)).answered, 0);
  assert.equal(stateAt(made, "ada", ms(90)).answered, 1);
  assert.equal(stateAt(made, "nobody", ms(90)).status, "absent");
});

test("who comes after the start is at work at once", () => {
  assert.deepEqual(statuses(picture([0, "started"], [100, "joined", "ada"]), "ada", 50, 100), ["absent", "online"]);
});

test("a lease that ran out was silence before: unstable after two heartbeats, then disconnected, then back", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], lost(115, 100), back(160, 100));
  assert.deepEqual(statuses(made, "ada", 100, 110, 111, 114, 115, 159, 160), ["online", "online", "unstable", "unstable", "disconnected", "disconnected", "online"]);
  assert.deepEqual(stretches(made, "ada", 200).map(([kind]) => kind), ["online", "unstable", "disconnected", "online"]);
});

test("a socket that closed was no silence before", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], lost(104, 100, "ada", "closed"));
  assert.deepEqual(stretches(made, "ada", 200), [["online", 0, 104], ["disconnected", 104, 200]]);
});

test("a return tells of a silence that nobody had written down; a short one is none", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], back(108, 100), back(240, 200));
  assert.deepEqual(stretches(made, "ada", 300), [["online", 0, 210.001], ["unstable", 210.001, 240], ["online", 240, 300]]);
  const older = picture([0, "started"], [0, "joined", "ada"], [240, "reconnected", "ada", { lost_seconds: 40 }]);
  assert.deepEqual(statuses(older, "ada", 205, 220, 240), ["online", "unstable", "online"]);
});

test("another window takes over: a mark, no gap", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], [50, "taken_over", "ada", { lost_seconds: 0, last_activity: at(49) }]);
  assert.deepEqual(stretches(made, "ada", 60), [["online", 0, 60]]);
  assert.deepEqual(marks(made, "ada"), [["taken_over", 50]]);
});

test("who left the page on purpose is disconnected, and was not cut off", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], [50, "left", "ada", { last_activity: at(50) }]);
  const [, gone] = segmentsOf(made, made.lanes.get("ada"), ms(60));
  assert.deepEqual([gone.kind, gone.left], ["disconnected", true]);
  assert.deepEqual(made.cuts, []);
  assert.equal(summaryOf(made, made.lanes.get("ada"), ms(60)).cuts, 0);
});

test("looking away shades what is online, and nothing else", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], [10, "hidden", "ada"], lost(40, 40, "ada", "closed"), back(50, 40), [60, "visible", "ada"], [80, "hidden", "ada"], [90, "submitted", "ada", { by: "student", answered: 0, total: 4 }]);
  assert.deepEqual(stretches(made, "ada", 100), [
    ["online", 0, 10],
    ["online, away", 10, 40],
    ["disconnected", 40, 50],
    ["online, away", 50, 60],
    ["online", 60, 80],
    ["online, away", 80, 90],
    ["submitted", 90, 100],
  ]);
});

test("where hidden was left out, visible says since when", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], [10, "hidden", "ada"], [11, "visible", "ada", { hidden_at: at(10) }], [40, "visible", "ada", { hidden_at: at(12) }]);
  assert.deepEqual(stretches(made, "ada", 50).filter(([kind]) => kind.includes("away")), [["online, away", 10, 11], ["online, away", 12, 40]]);
});

test("a hand goes up with its words and comes down, by the student or the staff", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], [0, "joined", "bo"], [10, "hand_raised", "ada", { text: "Why?" }], [20, "hand_lowered", "ada"], [30, "hand_raised", "ada"], [31, "hand_raised", "bo"], [40, "hands_lowered", null, { student_ids: ["ada", "bo"] }], [50, "hand_raised", "bo"], [60, "hands_lowered", "bo", { student_ids: ["bo"] }]);
  const up = (id, second) => stateAt(made, id, ms(second)).hand;
  assert.deepEqual([9, 10, 20, 30, 39, 40].map((second) => up("ada", second)), [false, true, false, true, true, false]);
  assert.deepEqual([39, 40, 50, 60].map((second) => up("bo", second)), [true, false, true, false]);
  assert.equal(made.lanes.get("ada").hand.value(ms(10)), "Why?");
});

test("every act of the staff is a mark of those it is about, and of the sitting where it is about all", () => {
  const made = picture(
    [0, "started"],
    ...["ada", "bo"].map((id) => [1, "joined", id]),
    [10, "message", null, { text: "All", student_ids: null }],
    [20, "message", null, { text: "Two", student_ids: ["ada", "bo"] }],
    [30, "message", "ada", { text: "One", student_ids: ["ada"] }],
    [40, "extended", null, { minutes: 5, student_ids: null }],
    [50, "extended", "bo", { minutes: 5, student_ids: ["bo"] }],
    [60, "given_back", null, { seconds: { ada: 43 }, student_ids: null }],
    [70, "note", "bo", { note: "ill" }],
    [80, "late_answer", "bo", { question_id: "q1" }],
    [81, "answer_superseded", "bo", { question_id: "q2" }],
    [90, "late_accepted", "bo", { event_ids: ["e"] }],
    [91, "late_left", "bo", { event_ids: ["e"] }],
  );
  assert.deepEqual(marks(made, "ada"), [["message", 20], ["message", 30], ["given_back", 60]]);
  assert.deepEqual(marks(made, "bo"), [["message", 20], ["extended", 50], ["note", 70], ["late_answer", 80], ["answer_superseded", 81], ["late_accepted", 90], ["late_left", 91]]);
  assert.deepEqual(made.marks.map(({ type, at: when }) => [type, (when - START) / 1000]), [["started", 0], ["message", 10], ["extended", 40], ["given_back", 60]]);
});

test("hand-in by the staff, reopening, and a hand-in that overtakes the deadline's", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], [50, "submitted", "ada", { by: "teacher", answered: 2, total: 4 }], [50, "force_submitted", "ada", { student_ids: ["ada"], all: false }], [60, "reopened", "ada", { student_ids: ["ada"], all: false }], [100, "submitted", "ada", { by: "deadline", answered: 3, total: 4 }], [104, "submitted", "ada", { by: "student", answered: 4, total: 4 }]);
  assert.deepEqual(stretches(made, "ada", 110), [["online", 0, 50], ["submitted", 50, 60], ["online", 60, 104], ["submitted", 104, 110]]);
  assert.equal(made.lanes.get("ada").handedIn.last, "student");
});

test("pauses are stripes, the last of them up to the end", () => {
  const made = picture([0, "started"], [10, "paused"], [20, "resumed", null, { paused_at: at(10), seconds: 10 }], [30, "paused"], [40, "completed"]);
  assert.deepEqual(made.pauses, [{ from: ms(10), to: ms(20) }, { from: ms(30), to: ms(40) }]);
  assert.deepEqual([0, 10, 20, 30, 40].map((second) => made.status.value(ms(second))), ["IN_PROGRESS", "PAUSED", "IN_PROGRESS", "PAUSED", "COMPLETED"]);
});

test("a sitting that was called off has nobody connected, and its lanes end there", () => {
  const made = picture([0, "opened"], [0, "joined", "ada"], [50, "cancelled"]);
  assert.deepEqual(statuses(made, "ada", 49, 50), ["waiting", "disconnected"]);
  assert.deepEqual(stretches(made, "ada", 100), [["waiting", 0, 50]]);
});

test("who was put on the list later was not absent before", () => {
  const made = picture([0, "opened"], [10, "student_added", "dan", { name: "Dan" }], [20, "roster", null, { added: ["eve"], removed: [] }], [30, "edited", null, { changes: {} }]);
  const enrolled = (second) => countsAt(made, ["ada", "dan", "eve"], ms(second)).enrolled;
  assert.deepEqual([5, 10, 20].map(enrolled), [1, 2, 3]);
});

test("silence that the present state tells shows at the end of the lane", () => {
  const made = picture([0, "started"], [0, "joined", "ada"]);
  assert.deepEqual(stretches(made, "ada", 120, ms(100)), [["online", 0, 110], ["unstable", 110, 120]]);
  assert.deepEqual(stretches(made, "ada", 109, ms(100)), [["online", 0, 109]]);
  assert.equal(summaryOf(made, made.lanes.get("ada"), ms(120), ms(100)).status, "unstable");
});

test("a replay shows what was known then", () => {
  const lines = [[0, "started"], [0, "joined", "ada"], [0, "joined", "bo"], [50, "submitted", "bo", { by: "student", answered: 4, total: 4 }], lost(80, 80, "ada", "closed")];
  const whole = picture(...lines);
  for (const second of [10, 50, 79, 80, 200]) {
    const then = new Picture();
    then.add(history(...lines).filter((event) => Date.parse(event.at) <= ms(second)));
    assert.deepEqual(countsAt(whole, ["ada", "bo", "chi"], ms(second)), countsAt(then, ["ada", "bo", "chi"], ms(second)));
    assert.deepEqual(stretches(whole, "ada", second), stretches(then, "ada", second));
  }
});

test("events that name moments out of order end as they were committed", () => {
  const made = picture([0, "started"], [0, "joined", "ada"], lost(100, 100, "ada", "closed"), back(70, 100));
  assert.deepEqual(statuses(made, "ada", 99, 100, 1e6), ["online", "online", "online"]);
});

test("taking events one by one or all at once is the same picture", () => {
  const lines = [[0, "started"], [0, "joined", "ada"], [5, "saved", "ada", { question_id: "q1", answered: 1, total: 4 }], lost(20, 20), back(40, 20)];
  const one = new Picture();
  for (const event of history(...lines)) one.add([event]);
  assert.deepEqual(one, picture(...lines));
});

test("a summary adds up a lane", () => {
  const made = picture([0, "opened"], [0, "joined", "ada"], [60, "started"], [70, "hidden", "ada"], [80, "visible", "ada"], lost(100, 99, "ada", "closed"), back(130, 99), lost(200, 185), back(260, 185), [300, "submitted", "ada", { by: "student", answered: 3, total: 4 }]);
  const sum = summaryOf(made, made.lanes.get("ada"), ms(900));
  assert.equal(sum.ms.waiting, 60_000);
  assert.equal(sum.ms.disconnected, 90_000);
  assert.deepEqual([sum.cuts, sum.looksAway, sum.awayMs, sum.answered, sum.total, sum.status], [2, 1, 10_000, 3, 4, "submitted"]);
  assert.equal(sum.handedInAt, ms(300));
});

const NAMES = ["ada", "bo", "chi", "dan", "eve", "fay", "gil", "hal", "ida", "jon", "kim", "lea", "moe", "nia", "ole", "pia", "quinn", "ray", "sue", "tom"];
const cohort = (...lines) => picture([0, "started"], ...NAMES.map((id) => [0, "joined", id]), ...lines);
const bands = (made, until = 10_000) => bandsOf(made.cuts, (t) => made.joinedBy(t), ms(until));

test("many are a fifth of those who came, and at least three", () => {
  assert.deepEqual([1, 10, 15, 16, 20, 1000].map(many), [3, 3, 3, 4, 4, 200]);
});

test("many cut off within ten seconds are a band, with whom and from when to when", () => {
  const gone = ["ada", "bo", "chi", "dan"];
  const made = cohort(...gone.map((id, n) => lost(115 + n, 100 + n, id)), back(170, 100, "ada"), back(190, 101, "bo"), back(150, 102, "chi"), back(300, 103, "dan"));
  const [band, ...rest] = bands(made);
  assert.deepEqual(rest, []);
  assert.deepEqual([band.ids, band.from, band.to, band.away], [gone, ms(100), ms(300), 0]);
  assert.equal(band.backAt, ms(190)); // most of them
  const [then] = bands(made, 180);
  assert.deepEqual([then.to, then.away, then.key], [ms(180), 2, band.key]);
});

test("fewer, or further apart, or after the hand-in, or on purpose, are no band", () => {
  assert.deepEqual(bands(cohort(...["ada", "bo", "chi"].map((id) => lost(100, 100, id)))), []);
  assert.deepEqual(bands(cohort(...["ada", "bo", "chi", "dan"].map((id, n) => lost(100 + 4 * n, 100 + 4 * n, id)))), []);
  assert.deepEqual(bands(cohort(...["ada", "bo", "chi", "dan"].map((id) => [100, "left", id, { last_activity: at(100) }]))), []);
  const done = NAMES.map((id) => [90, "submitted", id, { by: "student", answered: 1, total: 4 }]);
  assert.deepEqual(bands(cohort(...done, ...NAMES.map((id) => lost(100, 100, id)))), []);
});

test("an outage of the server is a band by the returns alone", () => {
  const [band] = bands(cohort(...NAMES.map((id, n) => back(160 + n, 100 + n / 10, id))));
  assert.deepEqual([band.ids.length, band.from, band.to], [20, ms(100), ms(179)]);
});

test("the same person twice within a band is one", () => {
  const [band] = bands(cohort(...["ada", "bo", "chi", "dan"].map((id) => lost(100, 100, id, "closed")), back(104, 100), lost(106, 106, "ada", "closed")));
  assert.deepEqual([band.ids, band.away], [["ada", "bo", "chi", "dan"], 4]);
});

test("there is a line here for every type of event", () => {
  const domain = readFileSync(new URL("../../monitor/domain/event.py", import.meta.url), "utf8");
  const here = readFileSync(new URL(import.meta.url), "utf8");
  const types = [...domain.matchAll(/^    [A-Z_]+ = "(\w+)"/gm)].map(([, type]) => type);
  assert.ok(types.length > 25);
  assert.deepEqual(types.filter((type) => !here.includes(`"${type}"`)), []);
});
