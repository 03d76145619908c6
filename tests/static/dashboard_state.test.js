import assert from "node:assert/strict";
import { test } from "node:test";

import { EVENTS_KEPT, applyChange, fromSnapshot } from "../../static/dashboard/state.js";

/** A tiny server: a truth that moves by commits, snapshots and changes of it. */
class Sitting {
  constructor(seed) {
    this.seed = seed;
    this.version = 1;
    this.session = { id: "s", title: "Reading", status: "WAITING_FOR_STUDENTS", version: 1 };
    this.students = [{ id: "u0", name: "Ada", version: 1 }];
    this.rosterVersion = 1;
    this.participants = new Map();
    this.attempts = new Map();
    this.messages = new Map();
  }

  random(below) {
    this.seed = (this.seed * 1103515245 + 12345) % 2 ** 31;
    return this.seed % below;
  }

  commit() {
    this.version += 1;
    const { version } = this;
    const student = `u${this.random(6)}`;
    const what = this.random(5);
    if (what === 0) this.session = { ...this.session, title: `Reading ${version}`, version };
    if (what === 1) {
      this.students = [...this.students.filter(({ id }) => id !== student), { id: student, name: `Name ${version}` }];
      this.rosterVersion = version;
    }
    if (what === 2) this.participants.set(student, { student_id: student, last_activity: String(version), version });
    if (what === 3) {
      this.participants.set(student, { student_id: student, last_activity: String(version), version });
      this.attempts.set(student, { id: `a-${student}`, student_id: student, answered: this.random(20), version });
    }
    if (what === 4) this.messages.set(`m${version}`, { id: `m${version}`, text: "Hello", version });
  }

  snapshot() {
    const list = (map) => [...map.values()];
    return {
      type: "snapshot",
      session_id: "s",
      version: this.version,
      epoch: "e1",
      session: this.session,
      students: this.students,
      participants: list(this.participants),
      attempts: list(this.attempts),
      messages: list(this.messages),
    };
  }

  change(from) {
    const newer = (map) => [...map.values()].filter(({ version }) => version > from);
    const parts = {
      participants: newer(this.participants),
      attempts: newer(this.attempts),
      messages: newer(this.messages),
      students: this.rosterVersion > from ? this.students : [],
    };
    const full = Object.fromEntries(Object.entries(parts).filter(([, items]) => items.length > 0));
    if (this.session.version > from) full.session = this.session;
    return { type: "change", session_id: "s", from_version: from, version: this.version, ...full };
  }
}

/** All but what only changes tell. */
function truthOf({ events, eventsSince, ...truth }) {
  return truth;
}

test("a snapshot and every change since give what a fresh snapshot gives", () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const sitting = new Sitting(seed);
    let state = fromSnapshot(sitting.snapshot());
    for (let step = 0; step < 60; step += 1) {
      for (let commits = sitting.random(4); commits >= 0; commits -= 1) sitting.commit();
      state = applyChange(state, structuredClone(sitting.change(state.version)));
      assert.deepEqual(truthOf(state), truthOf(fromSnapshot(sitting.snapshot())), `seed ${seed}, version ${sitting.version}`);
    }
  }
});

test("a change from another version is not applied", () => {
  const sitting = new Sitting(7);
  const state = fromSnapshot(sitting.snapshot());
  sitting.commit();
  sitting.commit();
  assert.equal(applyChange(state, sitting.change(2)), null);
});

test("an empty change moves the version and nothing else", () => {
  const state = fromSnapshot(new Sitting(1).snapshot());
  const next = applyChange(state, { type: "change", session_id: "s", from_version: 1, version: 1 });
  assert.deepEqual(next, state);
  for (const part of ["session", "students", "participants", "attempts", "messages"]) assert.equal(next[part], state[part]);
});

test("who did not change keeps their value, so that their row is not touched", () => {
  const sitting = new Sitting(1);
  sitting.participants.set("u0", { student_id: "u0", version: 1 });
  sitting.participants.set("u1", { student_id: "u1", version: 1 });
  const state = fromSnapshot(sitting.snapshot());
  const next = applyChange(state, {
    from_version: 1,
    version: 2,
    participants: [{ student_id: "u1", version: 2 }],
    students: [{ id: "u0", name: "Ada", version: 1 }, { id: "u1", name: "Bo" }],
  });
  assert.equal(next.participants.get("u0"), state.participants.get("u0"));
  assert.notEqual(next.participants.get("u1"), state.participants.get("u1"));
  assert.equal(next.students.get("u0"), state.students.get("u0"));
  assert.deepEqual([...next.students.keys()], ["u0", "u1"]);
});

const event = (version) => ({ id: `e${version}`, version });
const change = (from, to, more) => ({ from_version: from, version: to, ...more });
const versions = (state) => state.events.map(({ version }) => version);

test("events are kept from the snapshot on, and one knows since when none is missing", () => {
  let state = fromSnapshot(new Sitting(1).snapshot());
  state = applyChange(state, change(1, 3, { events: [event(2), event(3)] }));
  const before = state;
  state = applyChange(state, change(3, 4));
  assert.equal(state.events, before.events);
  state = applyChange(state, change(4, 5, { events: [event(5)] }));
  assert.deepEqual([versions(state), state.eventsSince], [[2, 3, 5], 1]);
});

test("a change that could not carry all events starts them anew", () => {
  let state = fromSnapshot(new Sitting(1).snapshot());
  state = applyChange(state, change(1, 2, { events: [event(2)] }));
  state = applyChange(state, change(2, 900, { events: [event(700), event(900)], events_truncated: true }));
  assert.deepEqual([versions(state), state.eventsSince], [[700, 900], 700]);
});

test("of very many events the latest are kept", () => {
  let state = fromSnapshot(new Sitting(1).snapshot());
  for (let version = 1; version < EVENTS_KEPT + 11; version += 1) {
    state = applyChange(state, change(version, version + 1, { events: [event(version + 1)] }));
  }
  assert.equal(state.events.length, EVENTS_KEPT);
  assert.deepEqual([state.events[0].version, state.eventsSince], [12, 11]);
});
