import assert from "node:assert/strict";
import { test } from "node:test";

import { NO_SIGNS, heard, truth } from "../../static/dashboard/truth.js";

const pulse = (ageMs, verified = true) => ({
  type: "pulse",
  server_time: new Date(100_000 + ageMs).toISOString(),
  sessions: [{ session_id: "s", heartbeats: 47, verified_at: verified ? new Date(100_000).toISOString() : null }],
});

test("a page that has heard nothing is not live", () => {
  assert.equal(truth(NO_SIGNS, 0).live, false);
});

test("a page is live while its truth is at most three seconds old", () => {
  const signs = heard(NO_SIGNS, pulse(400), "s", 1_000);
  assert.deepEqual(truth(signs, 1_000), { live: true, ageMs: 400 });
  assert.equal(truth(signs, 3_600).live, true);
  assert.equal(truth(signs, 3_601).live, false);
  assert.equal(signs.heartbeats, 47);
});

test("frames that keep coming do not make an old truth young", () => {
  let signs = heard(NO_SIGNS, pulse(0), "s", 0);
  for (let now = 0; now <= 5_000; now += 500) signs = heard(signs, { type: "change" }, "s", now);
  assert.equal(truth(signs, 5_000).live, false);
});

test("a server that cannot verify says so, however fresh the pulse", () => {
  const stale = heard(NO_SIGNS, pulse(3_001), "s", 0);
  assert.equal(truth(stale, 0).live, false);
  const never = heard(NO_SIGNS, pulse(0, false), "s", 0);
  assert.equal(truth(never, 0).live, false);
});

test("a pulse from a server whose clock was set back is no younger than it is", () => {
  const signs = heard(NO_SIGNS, pulse(-60_000), "s", 0);
  assert.equal(truth(signs, 3_001).live, false);
});

test("a pulse about other sittings says nothing of this one", () => {
  const signs = heard(NO_SIGNS, pulse(0), "another", 0);
  assert.equal(truth(signs, 0).live, false);
});
