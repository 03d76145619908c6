import assert from "node:assert/strict";
import { test } from "node:test";

import { flagsOf } from "../../static/dashboard/row_flags.js";

const row = (more) => ({
  status: "online",
  handRaisedAt: null,
  handText: null,
  lateAnswers: 0,
  away: false,
  awayCount: 0,
  reconnects: 0,
  note: null,
  submittedBy: null,
  ...more,
});
const told = (more) => flagsOf(row(more)).map(({ words }) => words);

test("who does nothing unusual has nothing beside the status", () => {
  assert.deepEqual(told({}), []);
  assert.deepEqual(told({ reconnects: 1, status: "submitted", submittedBy: "student" }), []);
});

test("all there can be, the most pressing first", () => {
  const all = { handRaisedAt: "now", handText: "May I?", lateAnswers: 2, away: true, awayCount: 3, reconnects: 4, note: "Left-handed" };
  assert.deepEqual(told(all), ["May I?", "2 late answers", "looking away", "looked away 3 times", "4 reconnects", "Left-handed"]);
});

test("the first look away is told once: while it lasts, and afterwards in its number", () => {
  assert.deepEqual(told({ away: true, awayCount: 1 }), ["looking away"]);
  assert.deepEqual(told({ awayCount: 1 }), ["looked away once"]);
});

test("a hand without words, and who handed in for a student", () => {
  assert.deepEqual(told({ handRaisedAt: "now" }), ["hand up"]);
  assert.deepEqual(told({ status: "submitted", submittedBy: "deadline" }), ["handed in at time-up"]);
});
