import assert from "node:assert/strict";
import { test } from "node:test";

import { connectionOf } from "../../static/client/status.js";
import { choice } from "../../static/student/choose.js";
import { phaseOf } from "../../static/student/phase.js";
import { numberOf, progress } from "../../static/student/progress.js";
import { saveLine, warning } from "../../static/student/save_status.js";

const NOW = Date.parse("2026-11-22T10:00:00.000Z");
const working = { session: { status: "IN_PROGRESS", paused_at: null, closes_at: "2026-11-22T10:20:00.000Z" }, attempt: { status: "IN_PROGRESS" }, test: {} };

const PHASES = [
  ["nothing is known yet", {}, "connecting", "connecting"],
  ["nothing is known and the server is away", {}, "offline", "first_offline"],
  ["the waiting room is closed", {}, "not_open", "not_open"],
  ["the waiting room is open", { session: { status: "WAITING_FOR_STUDENTS" }, attempt: { status: "NOT_STARTED" } }, "online", "waiting"],
  ["the test runs", working, "online", "test"],
  ["the test runs and the network is gone", working, "offline", "test"],
  ["the clock stands", { ...working, session: { ...working.session, paused_at: "2026-11-22T09:59:00.000Z" } }, "online", "paused"],
  ["there is no time limit", { ...working, session: { ...working.session, closes_at: null } }, "online", "test"],
  ["the time is up", { ...working, session: { ...working.session, closes_at: "2026-11-22T10:00:00.000Z" } }, "online", "time_up"],
  ["the test itself has not come yet", { ...working, test: null }, "online", "connecting"],
  ["it is handed in", { ...working, attempt: { status: "SUBMITTED" } }, "online", "submitted"],
  ["it is handed in and the sitting is over", { ...working, attempt: { status: "SUBMITTED" }, session: { status: "COMPLETED" } }, "over", "submitted"],
  ["the sitting is over", {}, "over", "over"],
  ["the sitting was called off", { ...working, session: { status: "CANCELLED" } }, "over", "cancelled"],
  ["another window took over", working, "replaced", "replaced"],
  ["the login is not good any more", working, "signed_out", "signed_out"],
  ["it is somebody else's", {}, "forbidden", "forbidden"],
];

for (const [name, state, connection, phase] of PHASES) {
  test(`when ${name} the screen is ${phase}`, () => {
    const all = { session: null, attempt: null, test: null, ...state };
    assert.equal(phaseOf(all, { connection }, NOW), phase);
  });
}

const status = (more) => ({ connection: "online", unsaved: 0, savedAt: null, waitingSince: null, ...more });

test("one line tells whether the work is safe", () => {
  const key = (more) => saveLine(status(more), 10_000).key;
  assert.equal(key({}), "save.ready");
  assert.equal(key({ savedAt: "2026-11-22T10:00:00.000Z" }), "save.saved");
  assert.equal(key({ unsaved: 1, waitingSince: 9_500 }), "save.saving");
  assert.equal(key({ unsaved: 1, waitingSince: 4_000 }), "save.trying");
  assert.equal(key({ unsaved: 1, connection: "offline" }), "save.offline");
});

test("offline is said even when nothing waits, and what waits is counted", () => {
  assert.deepEqual(warning(status({ connection: "offline" }), 0), { key: "offline.none", count: 0 });
  assert.deepEqual(warning(status({ connection: "offline", unsaved: 3 }), 0), { key: "offline.some", count: 3 });
  assert.deepEqual(warning(status({ unsaved: 2, waitingSince: 0 }), 6_000), { key: "offline.slow", count: 2 });
  assert.equal(warning(status({ unsaved: 2, waitingSince: 0 }), 900), null);
});

test("a link that fell is offline also while it tries again", () => {
  assert.equal(connectionOf({ phase: "connecting", code: null, failures: 0 }), "connecting");
  assert.equal(connectionOf({ phase: "connecting", code: null, failures: 1 }), "offline");
  assert.equal(connectionOf({ phase: "waiting", code: 4001, failures: 1 }), "offline");
  assert.equal(connectionOf({ phase: "connecting", code: 4003, failures: 4 }), "not_open");
  assert.equal(connectionOf({ phase: "closed", code: 4505, failures: 0 }), "replaced");
  assert.equal(connectionOf({ phase: "closed", code: 4501, failures: 0 }), "failed");
});

test("numbers are taken with comma or point, other words are not", () => {
  const cases = [["12.5", 12.5], ["12,5", 12.5], [" 1 000 ", 1000], ["-3", -3], ["−3", -3], [".5", 0.5], ["1e3", 1000], ["", null], ["  ", null]];
  for (const [text, number] of cases) assert.equal(numberOf(text), number, text);
  for (const text of ["abc", "1,2,3", "1.2.3", "0x10", "NaN", "Infinity", "1e999", "-", "12kg", "99999999999999999999"]) {
    assert.equal(numberOf(text), undefined, text);
  }
});

test("null, empty text and no choice are not answers; zero and false ones are", () => {
  const test_ = { questions: ["a", "b", "c", "d", "e"].map((id) => ({ id })) };
  const answers = { a: { value: null }, b: { value: "" }, c: { value: [] }, d: { value: 0 } };
  const found = progress(test_, { answers }, new Set(["b"]));
  assert.deepEqual(found, { answered: 1, total: 5, open: [1, 2, 3, 5], flagged: [2] });
});

test("the only open sitting is entered by itself, of several one is chosen", () => {
  const of = (...statuses) => choice(statuses.map((one, i) => ({ id: `s${i}`, status: one })));
  assert.equal(of("COMPLETED", "IN_PROGRESS", "SCHEDULED").go, "s1");
  assert.equal(of("IN_PROGRESS", "WAITING_FOR_STUDENTS").go, null);
  assert.equal(of("SCHEDULED").go, null);
  assert.deepEqual(of("COMPLETED", "SCHEDULED", "CANCELLED").list.map(({ id }) => id), ["s1"]);
});
