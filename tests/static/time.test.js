import assert from "node:assert/strict";
import { test } from "node:test";

import { age, announced, clock, dayAndTime, timeOfDay } from "../../static/lib/time.js";

test("a running clock shows minutes and seconds, with hours when there are some", () => {
  assert.equal(clock(23 * 60_000 + 11_000), "23:11");
  assert.equal(clock(3_723_000), "1:02:03");
  assert.equal(clock(9_000), "0:09");
});

test("a countdown reaches 0:00 only when nothing is left, and stays there", () => {
  assert.equal(clock(1), "0:01");
  assert.equal(clock(0), "0:00");
  assert.equal(clock(-5_000), "0:00");
});

test("an age counts whole seconds that have passed", () => {
  assert.equal(age(41_999), "0:41");
  assert.equal(age(-3), "0:00");
});

test("a time of day is the reader's, with 24 hours", () => {
  const at = new Date(2026, 10, 22, 14, 2, 11).getTime();
  assert.equal(timeOfDay(at), "14:02:11");
  assert.equal(timeOfDay(at, { seconds: false }), "14:02");
  assert.equal(timeOfDay(null), "–");
});

test("today needs no date, another day does", () => {
  const now = new Date(2026, 10, 22, 8, 0).getTime();
  assert.equal(dayAndTime(new Date(2026, 10, 22, 10, 45).toISOString(), now), "10:45");
  assert.match(dayAndTime(new Date(2026, 10, 23, 10, 45).toISOString(), now), /Mon.*23.*Nov.*10:45/);
});

test("ten, five and one minutes and the end are announced once, when they are passed", () => {
  const minute = 60_000;
  const heard = [];
  let before = null;
  for (let left = 12 * minute; left >= -2000; left -= 250) {
    const words = announced(before, left);
    if (words !== null) heard.push([words, left]);
    before = left;
  }
  assert.deepEqual(heard, [[10, 10 * minute], [5, 5 * minute], [1, minute], [0, 0]]);
});

test("a device that slept hears only where it stands now", () => {
  assert.equal(announced(11 * 60_000, 4 * 60_000), 4);
  assert.equal(announced(null, 60_000), null);
  assert.equal(announced(4 * 60_000, 8 * 60_000), null);
});
