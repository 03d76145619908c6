import assert from "node:assert/strict";
import { test } from "node:test";

import { LONGEST_MS, SHORTEST_MS, backoffMs } from "../../static/client/backoff.js";

test("no wait is shorter than half a second or longer than twenty", () => {
  for (let failures = 0; failures < 2000; failures += 1) {
    for (const dice of [0, 0.3, 0.999999]) {
      const wait = backoffMs(failures, () => dice);
      assert.ok(wait >= SHORTEST_MS && wait <= LONGEST_MS, `${wait}`);
    }
  }
});

test("the longest possible wait doubles until twenty seconds", () => {
  const longest = [0, 1, 2, 3, 4, 5, 6].map((failures) => backoffMs(failures, () => 1));
  assert.deepEqual(longest, [1000, 2000, 4000, 8000, 16000, 20000, 20000]);
});

test("waits are spread over the whole of it", () => {
  const waits = new Set(Array.from({ length: 200 }, () => backoffMs(6)));
  assert.ok(waits.size > 150);
  assert.ok(Math.min(...waits) < 5000 && Math.max(...waits) > 15000);
});
