import assert from "node:assert/strict";
import { test } from "node:test";

import { freeId, moved, newQuestion, problems, toSend, withoutPassage } from "../../static/setup/test_draft.js";

const choice = (id, text) => ({ id, text });
const question = (more) => ({ id: "q1", type: "text", prompt: "Why?", choices: [choice("c1", ""), choice("c2", "")], passage_id: null, ...more });

test("a new id is one that nobody has", () => {
  assert.equal(freeId("q", []), "q1");
  assert.equal(freeId("q", [{ id: "q1" }, { id: "q3" }]), "q4");
  assert.equal(freeId("q", [{ id: "x" }]), "q2");
});

test("a new question is like the last one, without its words", () => {
  const made = newQuestion({ questions: [question({ type: "number", passage_id: "p1" })] });
  assert.deepEqual([made.id, made.type, made.prompt, made.passage_id], ["q2", "number", "", "p1"]);
});

test("what is missing is named by its place", () => {
  const draft = {
    title: " ",
    passages: [{ id: "p1", title: "", text: "" }],
    questions: [question({ prompt: "" }), question({ id: "q2", type: "single_choice", choices: [choice("c1", "A"), choice("c2", " ")] })],
  };
  assert.deepEqual([...problems(draft).keys()], ["title", "passages.p1.text", "questions.q1.prompt", "questions.q2.choices"]);
  assert.equal(problems({ title: "T", passages: [], questions: [question()] }).size, 0);
});

test("empty choices are not sent, and none where the type has none", () => {
  const choices = [choice("c1", "A"), choice("c2", ""), choice("c3", "B")];
  const sent = toSend({ title: " T ", passages: [], questions: [question({ type: "multiple_choice", choices }), question({ id: "q2", choices })] });
  assert.equal(sent.title, "T");
  assert.deepEqual(sent.questions[0].choices.map(({ id }) => id), ["c1", "c3"]);
  assert.deepEqual(sent.questions[1].choices, []);
});

test("questions move by one and stay at the ends", () => {
  assert.deepEqual(moved(["a", "b", "c"], 1, -1), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b"], 1, 1), ["a", "b"]);
  assert.deepEqual(moved(["a", "b"], 0, -1), ["a", "b"]);
});

test("questions about a text that goes are about none", () => {
  const draft = { title: "T", passages: [{ id: "p1" }, { id: "p2" }], questions: [question({ passage_id: "p1" }), question({ id: "q2", passage_id: "p2" })] };
  const left = withoutPassage(draft, "p1");
  assert.deepEqual(left.passages.map(({ id }) => id), ["p2"]);
  assert.deepEqual(left.questions.map(({ passage_id }) => passage_id), [null, "p2"]);
});
