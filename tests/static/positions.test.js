import assert from "node:assert/strict";
import { test } from "node:test";

import { segments, slice, toCodePoints, toUnits, trimmed } from "../../static/client/positions.js";

const TEXT = "Sea 🌊 and naïve 👩‍🚀 sky";

function mark(id, start, end, timestamp = `2026-11-22T10:00:0${id}.000Z`) {
  return { id: String(id), timestamp, text: "", passage_id: "p", position_start: start, position_end: end, color_code: "yellow", comment: null };
}

test("a place counts code points as Python does", () => {
  assert.equal(toCodePoints(TEXT, TEXT.length), Array.from(TEXT).length);
  assert.equal(toCodePoints("a🌊b", 3), 2);
  assert.equal(toUnits("a🌊b", 2), 3);
});

test("units and code points turn into each other at every place", () => {
  for (let points = 0; points <= Array.from(TEXT).length; points += 1) {
    assert.equal(toCodePoints(TEXT, toUnits(TEXT, points)), points);
  }
});

test("a slice is the text between two places", () => {
  assert.equal(slice(TEXT, 4, 9), "🌊 and");
  assert.equal(slice(TEXT, 0, 1000), TEXT);
});

test("a selection loses the white space at its ends, whichever way it was drawn", () => {
  assert.deepEqual(trimmed("one  two ", 3, 9), { start: 5, end: 8 });
  assert.deepEqual(trimmed("one  two ", 9, 3), { start: 5, end: 8 });
  assert.equal(trimmed("one  two", 3, 5), null);
});

test("the pieces of a passage are the passage, however highlights overlap", () => {
  const highlights = [mark(1, 0, 8), mark(2, 4, 12), mark(3, 6, 7), mark(4, 4, 12)];
  const pieces = segments(TEXT, highlights);
  assert.equal(pieces.map(({ text }) => text).join(""), TEXT);
  for (const { start, end, text } of pieces) assert.equal(slice(TEXT, start, end), text);
  const at6 = pieces.find(({ start }) => start === 6);
  assert.deepEqual(at6.highlights.map(({ id }) => id), ["1", "2", "3", "4"]);
});

test("the latest highlight lies on top", () => {
  const pieces = segments("abcd", [mark(9, 0, 4), mark(1, 1, 2)]);
  assert.deepEqual(pieces.map(({ highlights }) => highlights.at(-1)?.id), ["9", "9", "9"]);
});

test("positions outside the text are cut to it, empty ones are not drawn", () => {
  assert.deepEqual(segments("abcd", [mark(1, 2, 99), mark(2, 3, 3), mark(3, 8, 9)]).map(({ text, highlights }) => [text, highlights.length]), [["ab", 0], ["cd", 1]]);
  assert.deepEqual(segments("", []), []);
  assert.deepEqual(segments("abc", []).map(({ text }) => text), ["abc"]);
});
