import assert from "node:assert/strict";
import { test } from "node:test";

import { EMPTY, isAnswered, overlaid, reduce, refolded, settled } from "../../static/client/state.js";

const T = (seconds) => new Date(Date.parse("2026-11-22T10:00:00.000Z") + seconds * 1000).toISOString();
const WHEN = T(60);

const attempt = (more = {}) => ({ id: "a", status: "IN_PROGRESS", answers: {}, highlighted_text: [], hand_raised_at: null, last_saved_at: null, reopened_at: null, ...more });
const joined = (more = {}) => ({
  type: "joined",
  version: 3,
  epoch: "e",
  session: { status: "IN_PROGRESS" },
  attempt: attempt(),
  test: { id: "t" },
  messages: [],
  heartbeat_seconds: 5,
  connection_id: "c.0",
  ...more,
});
const answer = (value, seconds, question = "q1") => ({ type: "answer", question_id: question, value, answered_at: T(seconds) });
const entry = (op) => ({ id: "x", key: "k", order: 1, op, seq: null });

test("joining gives all there is, and a later message only its part", () => {
  let state = reduce(EMPTY, joined());
  state = reduce(state, { type: "session", session: { status: "COMPLETED" } });
  state = reduce(state, { type: "message", id: "m", text: "Hello", sent_at: T(1) });
  state = reduce(state, { type: "message", id: "m", text: "Hello", sent_at: T(1) });
  assert.equal(state.session.status, "COMPLETED");
  assert.deepEqual(state.messages, [{ id: "m", text: "Hello", sent_at: T(1), read: false }]);
  assert.equal(reduce(state, { type: "news of later versions" }), state);
});

test("a test that was there stays when a later join does not carry it", () => {
  const state = reduce(reduce(EMPTY, joined()), joined({ test: null }));
  assert.deepEqual(state.test, { id: "t" });
});

test("what waits in the outbox is seen at once, and is part of the state once acknowledged", () => {
  const state = reduce(EMPTY, joined());
  const op = answer("b", 30);
  assert.equal(overlaid(state, [entry(op)]).attempt.answers.q1.value, "b");
  assert.deepEqual(state.attempt.answers, {});
  const after = settled(state, [op], WHEN);
  assert.deepEqual(after.attempt.answers.q1, { value: "b", answered_at: T(30) });
  assert.equal(after.savedAt, T(60));
});

test("an acknowledged answer that lost to a later one does not cover the winner", () => {
  const winner = attempt({ answers: { q1: { value: "from the other device", answered_at: T(40) } } });
  const state = reduce(reduce(EMPTY, joined()), { type: "attempt", attempt: winner });
  const after = settled(state, [answer("mine", 30)], WHEN);
  assert.equal(after.attempt.answers.q1.value, "from the other device");
});

test("an attempt read just before my latest work was written does not undo it", () => {
  const op = answer("b", 30);
  const highlight = { type: "highlight", highlight: { id: "h1" } };
  const state = settled(reduce(EMPTY, joined()), [op, highlight], WHEN);
  const stale = reduce(state, { type: "attempt", attempt: attempt() });
  const recent = [op, highlight].map((one) => ({ op: one, serverTime: WHEN }));
  const after = refolded(stale, recent);
  assert.equal(after.attempt.answers.q1.value, "b");
  assert.deepEqual(after.attempt.highlighted_text, [{ id: "h1" }]);
});

test("a highlight replaces the one with its id and leaves when it is removed", () => {
  const save = (color) => ({ type: "highlight", highlight: { id: "h1", color_code: color } });
  let state = settled(reduce(EMPTY, joined()), [save("yellow"), save("blue")], WHEN);
  assert.deepEqual(state.attempt.highlighted_text, [{ id: "h1", color_code: "blue" }]);
  state = settled(state, [{ type: "remove_highlight", id: "h1" }], WHEN);
  assert.deepEqual(state.attempt.highlighted_text, []);
});

test("handing in is done when it is acknowledged, not before", () => {
  const state = reduce(EMPTY, joined());
  const submit = { type: "submit", given_at: T(50) };
  assert.equal(overlaid(state, [entry(submit)]).attempt.status, "IN_PROGRESS");
  const after = settled(state, [submit], WHEN);
  assert.deepEqual([after.attempt.status, after.attempt.submitted_at, after.attempt.submitted_by], ["SUBMITTED", T(60), "student"]);
});

test("an attempt that was reopened after the hand-in stays open", () => {
  const reopened = reduce(EMPTY, joined({ attempt: attempt({ reopened_at: T(70) }) }));
  const recent = [{ op: { type: "submit", given_at: T(50) }, serverTime: WHEN }];
  assert.equal(refolded(reopened, recent).attempt.status, "IN_PROGRESS");
});

test("a receipt makes a message read and saves no work", () => {
  const state = reduce(EMPTY, joined({ messages: [{ id: "m", text: "", sent_at: T(1), read: false }] }));
  const after = settled(state, [{ type: "read", message_id: "m" }], WHEN);
  assert.equal(after.messages[0].read, true);
  assert.equal(after.savedAt, null);
});

test("empty values are no answers", () => {
  for (const value of [null, undefined, "", []]) assert.equal(isAnswered(value), false);
  for (const value of [0, "a", ["a"]]) assert.equal(isAnswered(value), true);
});
