import assert from "node:assert/strict";
import { test } from "node:test";

import { longestRise } from "../../static/lib/dom.js";

const staying = (numbers) => numbers.filter((_, at) => longestRise(numbers).has(at));

test("what is in order stays, whichever way one has moved", () => {
  assert.deepEqual(staying([0, 1, 2, 3]), [0, 1, 2, 3]);
  assert.deepEqual(staying([3, 0, 1, 2]), [0, 1, 2]);
  assert.deepEqual(staying([1, 2, 3, 0]), [1, 2, 3]);
});

test("what is new does not stay", () => {
  assert.deepEqual(staying([-1, 0, -1, 1]), [0, 1]);
  assert.deepEqual(staying([-1, -1]), []);
});

test("of any order as many stay as can, and they rise", () => {
  const best = (numbers) => {
    const lengths = numbers.map(() => 1);
    numbers.forEach((number, at) => {
      for (let i = 0; i < at; i += 1) if (numbers[i] < number) lengths[at] = Math.max(lengths[at], lengths[i] + 1);
    });
    return Math.max(...lengths);
  };
  let seed = 7;
  const random = (below) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  for (let round = 0; round < 200; round += 1) {
    const numbers = Array.from({ length: 1 + random(30) }, (_, at) => at);
    for (let at = numbers.length - 1; at > 0; at -= 1) {
      const other = random(at + 1);
      [numbers[at], numbers[other]] = [numbers[other], numbers[at]];
    }
    const kept = staying(numbers);
    assert.equal(kept.length, best(numbers), String(numbers));
    assert.deepEqual(kept, kept.toSorted((a, b) => a - b));
  }
});
