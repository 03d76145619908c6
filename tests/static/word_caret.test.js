import assert from "node:assert/strict";
import { test } from "node:test";

import { slice } from "../../static/client/positions.js";
import { covered, moved, wordsOf } from "../../static/student/word_caret.js";
import { tidy } from "../../static/student/tidy.js";

const TEXT = "The sea 🌊 was calm. “Nobody's” bell\nrang twice! It’s 2.5 km.";
const words = wordsOf(TEXT, "en");
const said = (text, list) => list.map(({ start, end }) => slice(text, start, end));

test("words are found by their places in the text, white space and commas are none", () => {
  assert.deepEqual(said(TEXT, words), ["The", "sea", "🌊", "was", "calm", "Nobody's", "bell", "rang", "twice", "It’s", "2.5", "km"]);
  assert.deepEqual(wordsOf(" \n… ", "en"), []);
  assert.deepEqual(said("東京は大きい。", wordsOf("東京は大きい。", "ja"))[0], "東京");
});

const walk = (keys, from = { anchor: 0, head: 0 }) =>
  keys.reduce((caret, key) => moved(words, caret, key.replace("+", ""), key.startsWith("+")) ?? caret, from);
const at = (keys) => {
  const { start, end } = covered(words, walk(keys));
  return slice(TEXT, start, end);
};

test("arrows go by words and sentences and stop at the ends", () => {
  assert.equal(at(["ArrowLeft"]), "The");
  assert.equal(at(["ArrowRight", "ArrowRight"]), "🌊");
  assert.equal(at(["ArrowDown"]), "Nobody's");
  assert.equal(at(["ArrowDown", "ArrowDown"]), "rang");
  assert.equal(at(["End", "ArrowRight"]), "km");
  assert.equal(at(["End", "ArrowUp"]), "It’s");
  assert.equal(at(["ArrowDown", "ArrowUp"]), "The");
  assert.equal(moved(words, { anchor: 0, head: 0 }, "a", false), null);
});

test("with Shift the place where it began is kept, in both directions", () => {
  assert.equal(at(["ArrowRight", "+ArrowRight", "+ArrowRight"]), "sea 🌊 was");
  assert.equal(at(["ArrowRight", "ArrowRight", "+ArrowLeft"]), "sea 🌊");
  assert.equal(at(["ArrowRight", "+End", "ArrowLeft"]), "2.5");
});

test("a tab keeps nothing of an earlier pupil", () => {
  const items = new Map([["monitor.marks.ada|1", ""], ["monitor.connection.ada|s", ""], ["monitor.marks.bo|2", ""], ["monitor.login.student", ""], ["other", ""]]);
  const storage = { get length() { return items.size; }, key: (i) => [...items.keys()][i], removeItem: (key) => items.delete(key) };
  tidy(storage, "bo");
  assert.deepEqual([...items.keys()], ["monitor.marks.bo|2", "monitor.login.student", "other"]);
  tidy(storage, null);
  assert.deepEqual([...items.keys()], ["monitor.login.student", "other"]);
});
