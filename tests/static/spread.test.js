import assert from "node:assert/strict";
import { test } from "node:test";

import { spreadOf } from "../../static/dashboard/spread.js";

const rows = (total, ...answered) => answered.map((number) => ({ answered: number, total }));
const counts = ({ bins }) => bins.map(({ count }) => count);

test("before anyone has a test in hand there is no average", () => {
  assert.equal(spreadOf([]), null);
  assert.equal(spreadOf(rows(0, 0, 0)), null);
});

test("the average counts who has the test, not who is absent", () => {
  const { average, total, students } = spreadOf([...rows(20, 10, 15, 20), ...rows(0, 0)]);
  assert.deepEqual([average, total, students], [15, 20, 3]);
});

test("every number from none to all falls into exactly one bar, whatever the length of the test", () => {
  for (let total = 1; total <= 60; total += 1) {
    const all = Array.from({ length: total + 1 }, (_, number) => number);
    const spread = spreadOf(rows(total, ...all));
    assert.equal(spread.bins[0].from, 0);
    assert.equal(spread.bins.at(-1).to, total);
    for (const { from, to, count } of spread.bins) assert.equal(count, to - from + 1);
    assert.ok(spread.bins.length <= 8);
  }
});

test("bars stand where the students are", () => {
  assert.deepEqual(counts(spreadOf(rows(4, 0, 0, 4, 3))), [2, 0, 0, 1, 1]);
});
