import assert from "node:assert/strict";
import { test } from "node:test";

import { Outbox, keyOf } from "../../static/client/outbox.js";

const answer = (question, value) => ({ type: "answer", question_id: question, value, answered_at: "2026-11-22T10:00:00.000Z" });
const submit = { type: "submit", given_at: "2026-11-22T10:30:00.000Z" };

function numbers(from = 0) {
  let seq = from;
  return () => (seq += 1);
}

const values = (entries) => entries.map(({ op }) => op.value ?? op.type);

test("operations are sent once, in their order, with rising numbers", () => {
  const outbox = new Outbox();
  const next = numbers();
  outbox.add(answer("q1", "a"));
  outbox.add(answer("q2", "b"));
  assert.deepEqual(outbox.take(next).map(({ seq, value }) => [seq, value]), [[1, "a"], [2, "b"]]);
  assert.deepEqual(outbox.take(next), []);
});

test("an unsent answer is replaced by a later one to the same question", () => {
  const outbox = new Outbox();
  outbox.add(answer("q1", "a"));
  outbox.add(answer("q2", "x"));
  const { replaced } = outbox.add(answer("q1", "b"));
  assert.deepEqual(values(replaced), ["a"]);
  assert.deepEqual(values(outbox.entries), ["x", "b"]);
});

test("a sent answer stays beside a later one until it is settled", () => {
  const outbox = new Outbox();
  const next = numbers();
  outbox.add(answer("q1", "a"));
  outbox.take(next);
  outbox.add(answer("q1", "b"));
  assert.equal(outbox.size, 2);
  outbox.take(next);
  assert.deepEqual(values(outbox.settle(1)), ["a"]);
  assert.deepEqual(values(outbox.settle(2)), ["b"]);
  assert.equal(outbox.size, 0);
});

test("an ack settles everything up to its number and nothing unsent", () => {
  const outbox = new Outbox();
  const next = numbers(6);
  outbox.add(answer("q1", "a"));
  outbox.add(answer("q2", "b"));
  outbox.take(next);
  outbox.add(answer("q3", "c"));
  assert.deepEqual(values(outbox.settle(8)), ["a", "b"]);
  assert.deepEqual(values(outbox.entries), ["c"]);
});

test("after a fall everything unacknowledged is sent again with new numbers, newest values only", () => {
  const outbox = new Outbox();
  outbox.add(answer("q1", "a"));
  outbox.add(answer("q2", "b"));
  outbox.take(numbers());
  outbox.add(answer("q1", "c"));
  assert.deepEqual(values(outbox.connectionLost()), ["a"]);
  const again = outbox.take(numbers(40));
  assert.deepEqual(again.map(({ seq, value }) => [seq, value]), [[41, "b"], [42, "c"]]);
});

test("handing in waits until everything before it is settled", () => {
  const outbox = new Outbox();
  const next = numbers();
  outbox.add(answer("q1", "a"));
  outbox.add(submit);
  assert.deepEqual(outbox.take(next).map(({ type }) => type), ["answer"]);
  assert.deepEqual(outbox.take(next), []);
  outbox.settle(1);
  assert.deepEqual(outbox.take(next).map(({ type }) => type), ["submit"]);
});

test("handing in can be taken back until it is sent", () => {
  const outbox = new Outbox();
  const next = numbers();
  outbox.add(submit);
  assert.equal(outbox.withdraw("submit").length, 1);
  outbox.add(submit);
  outbox.take(next);
  assert.deepEqual(outbox.withdraw("submit"), []);
  assert.ok(outbox.has("submit"));
});

test("what is refused for good leaves, what is refused for now is sent again", () => {
  const outbox = new Outbox();
  const next = numbers();
  outbox.add(answer("q1", "a"));
  outbox.add(answer("q2", "b"));
  outbox.take(next);
  assert.equal(outbox.refuse(1)?.op.value, "a");
  outbox.postpone(2);
  assert.deepEqual(outbox.take(next).map(({ seq, value }) => [seq, value]), [[3, "b"]]);
  assert.equal(outbox.refuse(99), null);
});

test("what waits for a next keystroke is not sent yet", () => {
  const outbox = new Outbox();
  outbox.add(answer("q1", "a"));
  outbox.add(answer("q2", "b"));
  const sent = outbox.take(numbers(), ({ key }) => key !== "answer:q1");
  assert.deepEqual(sent.map(({ value }) => value), ["b"]);
});

test("what an earlier page left comes before what is done now, and only once", () => {
  const before = new Outbox();
  before.add(answer("q1", "old"));
  before.add(answer("q2", "kept"));
  const outbox = new Outbox(before.entries);
  outbox.add(answer("q1", "new"));
  outbox.restore(before.entries);
  assert.deepEqual(values(outbox.entries), ["kept", "new"]);
});

test("a highlight and its removal are one thing, a hand up and down too", () => {
  const outbox = new Outbox();
  outbox.add({ type: "highlight", highlight: { id: "h1" } });
  outbox.add({ type: "remove_highlight", id: "h1" });
  outbox.add({ type: "raise_hand" });
  outbox.add({ type: "lower_hand" });
  assert.deepEqual(outbox.entries.map(({ op }) => op.type), ["remove_highlight", "lower_hand"]);
  assert.notEqual(keyOf({ type: "received", message_id: "m" }), keyOf({ type: "read", message_id: "m" }));
});
