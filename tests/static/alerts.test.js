import assert from "node:assert/strict";
import { test } from "node:test";

import { FIRST, keepSettings, readSettings, secondsOf } from "../../static/dashboard/steer/alert_settings.js";
import { byKind, dismiss, waiting, watch } from "../../static/dashboard/steer/alerts.js";

const START = Date.parse("2026-11-22T10:00:00.000Z");
const at = (seconds) => new Date(START + seconds * 1000).toISOString();
const ALL = new Set(["disconnected", "hand", "away"]);

/** A look at the page; people are `{id, gone, hand, away}`: seconds at which it began, away: how often. */
function look(seconds, people, status = "IN_PROGRESS") {
  const rows = people.map(({ id, gone, hand, away }) => ({
    id,
    name: id.toUpperCase(),
    status: gone === undefined ? "online" : "disconnected",
    handRaisedAt: hand === undefined ? null : at(hand),
    handText: hand === undefined ? null : "Why?",
    away: away !== undefined,
    awayCount: away ?? 0,
  }));
  const participants = new Map(people.map(({ id, gone }) => [id, { disconnected_at: gone === undefined ? null : at(gone), last_activity: at(gone ?? seconds) }]));
  return { state: { session: { status }, participants }, rows, now: START + seconds * 1000 };
}

/** What is told, look by look. */
function told(looks, limit = 15) {
  let memory = null;
  return looks.map((one) => {
    const seen = watch(memory, one, limit);
    memory = seen.memory;
    return seen.fresh.map(({ kind, id }) => `${kind} ${id}`);
  });
}

test("a disconnect is told once it has lasted, and once", () => {
  const gone = { id: "ada", gone: 10 };
  assert.deepEqual(told([look(5, [{ id: "ada" }]), look(24, [gone]), look(25, [gone]), look(60, [gone])]), [[], [], ["disconnected ada"], []]);
  assert.deepEqual(told([look(5, [{ id: "ada" }]), look(12, [gone]), look(20, [{ id: "ada" }])]), [[], [], []], "a reload is no incident");
});

test("what holds when the page is opened is never told, also when it gets older", () => {
  const people = [{ id: "ada", gone: 0 }, { id: "bo", gone: 9, hand: 3 }, { id: "chi", away: 2 }];
  assert.deepEqual(told([look(10, people), look(30, people)]), [[], []]);
});

test("who was back and is gone again is told again", () => {
  const looks = [look(0, [{ id: "ada" }]), look(20, [{ id: "ada", gone: 1 }]), look(30, [{ id: "ada" }]), look(60, [{ id: "ada", gone: 31 }])];
  assert.deepEqual(told(looks), [[], ["disconnected ada"], [], ["disconnected ada"]]);
});

test("what happened while the page was not live is told once when it is live again", () => {
  const before = [{ id: "ada", hand: 5 }, { id: "bo" }];
  const after = [{ id: "ada", hand: 5 }, { id: "bo", gone: 12, hand: 11 }];
  assert.deepEqual(told([look(1, [{ id: "ada" }, { id: "bo" }]), look(6, before), look(90, after), look(91, after)]), [
    [],
    ["hand ada"],
    ["disconnected bo", "hand bo"],
    [],
  ]);
});

test("a hand that was lowered and raised meanwhile is another one", () => {
  assert.deepEqual(told([look(0, [{ id: "ada", hand: 0 }]), look(50, [{ id: "ada", hand: 40 }])]), [[], ["hand ada"]]);
});

test("a hand that comes up again with the work that was reopened is the one that was told", () => {
  const up = { id: "ada", hand: 10 };
  let memory = watch(null, look(0, [{ id: "ada" }]), 15).memory;
  for (const [seconds, people, over] of [[20, [up], false], [30, [{ id: "ada" }], true], [40, [up], false]]) {
    const seen = watch(memory, look(seconds, people), 15);
    memory = seen.memory;
    assert.equal(seen.fresh.length, seconds === 20 ? 1 : 0);
    assert.deepEqual(memory.log.map((entry) => entry.over), [over]);
  }
});

test("looking away is told each time it begins", () => {
  assert.deepEqual(told([look(0, [{ id: "ada" }]), look(1, [{ id: "ada", away: 1 }]), look(2, [{ id: "ada" }]), look(3, [{ id: "ada", away: 2 }])]), [
    [],
    ["away ada"],
    [],
    ["away ada"],
  ]);
});

test("at the end of a sitting nobody is missed", () => {
  assert.deepEqual(told([look(0, [{ id: "ada" }]), look(60, [{ id: "ada", gone: 5 }], "COMPLETED")]), [[], []]);
});

test("what is over or dismissed waits for nobody", () => {
  let memory = watch(null, look(0, [{ id: "ada" }, { id: "bo" }]), 15).memory;
  memory = watch(memory, look(30, [{ id: "ada", hand: 20 }, { id: "bo", gone: 1 }]), 15).memory;
  assert.equal(waiting(memory, ALL), 2);
  assert.equal(waiting(memory, new Set(["hand"])), 1, "of the kinds that are switched on");
  memory = dismiss(memory, ({ kind }) => kind === "hand");
  assert.equal(waiting(memory, ALL), 1);
  memory = watch(memory, look(40, [{ id: "ada" }, { id: "bo" }]), 15).memory;
  assert.equal(waiting(memory, ALL), 0);
  assert.deepEqual(memory.log.map(({ over }) => over), [true, true], "the list still tells of them");
});

test("a whole class that is cut off is one matter", () => {
  const people = ["ada", "bo", "chi"].map((id) => ({ id, gone: 1 }));
  const memory = watch(null, look(0, people.map(({ id }) => ({ id }))), 15).memory;
  const groups = byKind(watch(memory, look(20, people), 15).fresh);
  assert.deepEqual([...groups.keys()], ["disconnected"]);
  assert.equal(groups.get("disconnected").length, 3);
});

test("settings survive, nonsense does not", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  assert.deepEqual(readSettings(storage), FIRST);
  keepSettings({ ...FIRST, seconds: 30, sound: true, kinds: { ...FIRST.kinds, away: false } }, storage);
  assert.deepEqual(readSettings(storage), { kinds: { disconnected: true, hand: true, away: false }, seconds: 30, sound: true, desktop: false });
  kept.set("monitor.alerts", '{"seconds": -1, "sound": "yes", "kinds": 3}');
  assert.deepEqual(readSettings(storage), FIRST);
  assert.deepEqual(["", "x", "1.5", "601", "0"].map(secondsOf), [null, null, null, null, 0]);
});
