import assert from "node:assert/strict";
import { test } from "node:test";

import { barsOf } from "../../static/dashboard/answers/bars.js";
import { valueWords } from "../../static/dashboard/answers/value_words.js";
import { colorOf, numbered, pieces } from "../../static/dashboard/drawer/marks.js";

const CHOICES = [{ id: "a", text: "Red" }, { id: "b", text: "Blue" }];
const SINGLE = { id: "q1", type: "single_choice", choices: CHOICES };
const MULTIPLE = { id: "q2", type: "multiple_choice", choices: CHOICES };
const TEXT = { id: "q3", type: "text", choices: [] };
const NUMBER = { id: "q4", type: "number", choices: [] };

test("answers are told in the words of their choices, in the test's order", () => {
  assert.deepEqual(valueWords(SINGLE, "b"), ["Blue"]);
  assert.deepEqual(valueWords(MULTIPLE, ["b", "x", "a"]), ["Red", "Blue", "x"]);
  assert.deepEqual(valueWords(NUMBER, 0), ["0"]);
  assert.deepEqual(valueWords(NUMBER, 1234567.5), ["1234567.5"]);
  assert.deepEqual(valueWords(TEXT, " two\nlines "), [" two\nlines "]);
  for (const [question, value] of [[SINGLE, null], [MULTIPLE, []], [TEXT, ""], [NUMBER, undefined]]) assert.deepEqual(valueWords(question, value), []);
});

const bars = (question, counted, students) => barsOf(question, { choices: [], bins: [], median: null, ...counted }, students).map(({ label, count }) => [label, count]);

test("every choice has a bar, also one that nobody chose, and so have those without an answer", () => {
  const choices = [{ choice_id: "a", count: 3 }, { choice_id: "b", count: 0 }];
  assert.deepEqual(bars(SINGLE, { answered: 3, choices }, 5), [["Red", 3], ["Blue", 0], ["not answered", 2]]);
});

test("numbers have a bar a bin, texts only their number", () => {
  const bins = [{ from: 2, to: 2, count: 3 }, { from: 0.5, to: 1, count: 1 }];
  assert.deepEqual(bars(NUMBER, { answered: 4, bins }, 4), [["2", 3], ["0.5 to under 1", 1], ["not answered", 0]]);
  assert.deepEqual(bars(TEXT, { answered: 1 }, 3), [["1 text", 1], ["not answered", 2]]);
});

const mark = (id, position_start, position_end, more = {}) => ({ id, position_start, position_end, timestamp: "2026-11-22T10:00:00.000Z", color_code: "yellow", text: "", comment: null, ...more });

test("highlights are numbered as they come in the text", () => {
  const order = numbered([mark("late", 9, 12), mark("long", 2, 8), mark("short", 2, 4)]).map(({ number, highlight }) => [number, highlight.id]);
  assert.deepEqual(order, [[1, "short"], [2, "long"], [3, "late"]]);
});

test("the pieces are the text, each number stands once where its highlight begins, overlaps know all", () => {
  const text = "The sea 🌊 was calm that night.";
  const found = pieces(text, [mark("one", 4, 18), mark("two", 14, 23, { timestamp: "2026-11-22T10:00:01.000Z" })]);
  assert.equal(found.map((piece) => piece.text).join(""), text);
  assert.deepEqual(found.map((piece) => [piece.text, piece.begins, piece.marks.map(({ number }) => number)]), [
    ["The ", [], []],
    ["sea 🌊 was ", [1], [1]],
    ["calm", [2], [1, 2]],
    [" that", [], [2]],
    [" night.", [], []],
  ]);
});

test("a colour that we do not know is shown as one that we do", () => {
  assert.equal(colorOf(mark("x", 0, 1, { color_code: "#ff0" })), "yellow");
  assert.equal(colorOf(mark("x", 0, 1, { color_code: "pink" })), "pink");
});
