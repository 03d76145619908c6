import assert from "node:assert/strict";
import { mock, test } from "node:test";

import { ApiError } from "../../static/lib/api.js";
import { StudentWork } from "../../static/dashboard/drawer/student_work.js";

const event = (version, more = {}) => ({ id: `e${version}`, version, at: `t${version}`, type: "started", student_id: null, data: {}, ...more });

function state(version, { attempt = version, events = [], eventsSince = 0, epoch = "one" } = {}) {
  return { version, epoch, eventsSince, events, attempts: new Map([["ada", { id: "a1", version: attempt }]]) };
}

/** A server whose answers are given by hand. */
function fixture() {
  const asked = [];
  const ask = (path) =>
    new Promise((resolve, reject) => {
      asked.push({ path, answer: resolve, fail: reject });
    });
  let changes = 0;
  const work = new StudentWork({ api: { get: ask, all: ask }, sessionId: "s1", studentId: "ada", changed: () => (changes += 1) });
  const settle = async () => {
    for (let i = 0; i < 6; i += 1) await Promise.resolve();
  };
  return {
    work,
    asked,
    changes: () => changes,
    async answer(at, value) {
      asked[at].answer(value);
      await settle();
    },
    async fail(at) {
      asked[at].fail(new ApiError(0, {}));
      await settle();
    },
    paths: () => asked.map(({ path }) => path.replace("&limit=1000", "")),
  };
}

const EVENTS = "/api/sessions/s1/events?student_id=ada";

test("work and history are fetched at first, and again only when the attempt has changed", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { work, answer, paths } = fixture();
  work.update(state(10, { attempt: 7 }));
  assert.deepEqual(paths(), ["/api/attempts/a1", EVENTS]);
  await answer(0, { version: 7, answers: { q1: { value: "a" } } });
  await answer(1, [event(1)]);
  mock.timers.tick(5_000);
  work.update(state(11, { attempt: 7 }));
  assert.equal(paths().length, 2, "a heartbeat of somebody else");
  work.update(state(12, { attempt: 12 }));
  assert.equal(paths().at(-1), "/api/attempts/a1");
  mock.timers.reset();
});

test("however often the attempt changes, it is fetched once a second, the last state in the end", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { work, answer, paths } = fixture();
  const fetched = () => paths().filter((path) => path.startsWith("/api/attempts")).length;
  work.update(state(1));
  await answer(0, { version: 1 });
  for (let version = 2; version < 30; version += 1) work.update(state(version));
  assert.equal(fetched(), 1);
  mock.timers.tick(1_000);
  assert.equal(fetched(), 2);
  await answer(2, { version: 29 });
  mock.timers.tick(10_000);
  assert.equal(fetched(), 2, "nothing is newer");
  mock.timers.reset();
});

test("what could not be fetched is said and tried again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { work, answer, fail, paths, changes } = fixture();
  work.update(state(5));
  await fail(0);
  assert.deepEqual([...work.failed], ["attempt"]);
  assert.equal(changes(), 1);
  mock.timers.tick(2_999);
  assert.equal(paths().length, 2);
  mock.timers.tick(1);
  assert.equal(paths().length, 3);
  await answer(2, { version: 5 });
  assert.deepEqual([...work.failed], []);
  mock.timers.reset();
});

test("the history follows the feed, each event once, only what concerns the student", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { work, answer, paths } = fixture();
  work.update(state(10, { attempt: 1 }));
  await answer(1, [event(3), event(9)]);
  const others = event(11, { student_id: "bo" });
  work.update(state(12, { attempt: 1, events: [event(9), others, event(12)] }));
  assert.deepEqual(work.events.map(({ id }) => id), ["e3", "e9", "e12"]);
  assert.equal(paths().length, 2);
  mock.timers.reset();
});

test("what the feed has left out is fetched from where the history ends", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { work, answer, paths } = fixture();
  work.update(state(10, { attempt: 1 }));
  await answer(0, { version: 1 });
  await answer(1, [event(3)]);
  mock.timers.tick(1_000);
  work.update(state(400, { attempt: 1, eventsSince: 390, events: [event(395)] }));
  assert.equal(paths().at(-1), `${EVENTS}&version=10`);
  await answer(2, [event(200), event(395)]);
  assert.deepEqual(work.events.map(({ id }) => id), ["e3", "e200", "e395"]);
  mock.timers.reset();
});

test("another epoch begins from nothing, and an answer of the former one is passed over", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { work, answer, paths } = fixture();
  work.update(state(50));
  work.update(state(3, { epoch: "two" }));
  await answer(0, { version: 50, answers: "old" });
  assert.equal(work.attempt, null);
  mock.timers.tick(1_000);
  assert.equal(paths().at(-1), "/api/attempts/a1");
  await answer(2, { version: 3, answers: "new" });
  assert.equal(work.attempt.answers, "new");
  mock.timers.reset();
});

test("once stopped nothing is asked and nothing told", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { work, answer, paths, changes } = fixture();
  work.update(state(1));
  work.stop();
  await answer(0, { version: 1 });
  work.update(state(9));
  mock.timers.tick(10_000);
  assert.deepEqual([paths().length, changes(), work.attempt], [2, 0, null]);
  mock.timers.reset();
});
