import assert from "node:assert/strict";
import { test } from "node:test";

import { byDifference, extraMinutes, forField, fromField, secondsOf, soon } from "../../static/setup/form_values.js";

test("minutes are whole, at least one and at most a day, or none at all", () => {
  assert.equal(secondsOf("45"), 2700);
  assert.equal(secondsOf(" "), null);
  for (const text of ["0", "-5", "1.5", "1441", "soon"]) assert.equal(secondsOf(text), undefined, text);
});

test("extra time is minutes or a part of the sitting's time", () => {
  const hour = 3600;
  const rows = [
    ["", 0],
    ["15", 15],
    [" -5 ", -5],
    ["25%", 15],
    ["25 %", 15],
    ["33.3 %", 20],
    ["12,5 %", 8],
    ["1.5", undefined],
    ["ten", undefined],
    ["10 min", undefined],
  ];
  for (const [text, minutes] of rows) assert.equal(extraMinutes(text, hour), minutes, text);
});

test("only who has something else than is wanted is asked for, by difference", () => {
  const groups = byDifference([
    { id: "a", has: 0, wanted: 15 },
    { id: "b", has: 5, wanted: 5 },
    { id: "c", has: 10, wanted: 0 },
    { id: "d", has: 5, wanted: 20 },
  ]);
  assert.deepEqual([...groups], [
    [15, ["a", "d"]],
    [-10, ["c"]],
  ]);
});

test("a moment goes into a field and comes back to the minute", () => {
  assert.equal(fromField(forField("2026-11-23T10:15:00.000Z")), "2026-11-23T10:15:00.000Z");
  assert.equal(fromField(forField("2026-03-29T01:30:59.999Z")), "2026-03-29T01:30:00.000Z");
  assert.equal(forField(null), "");
  assert.equal(fromField(""), null);
});

test("what is soon is the next quarter of an hour", () => {
  const at = Date.parse("2026-11-23T10:07:12.000Z");
  assert.equal(fromField(soon(at)), "2026-11-23T10:15:00.000Z");
  assert.equal(fromField(soon(Date.parse("2026-11-23T10:15:00.000Z"))), "2026-11-23T10:15:00.000Z");
});
