import assert from "node:assert/strict";
import { test } from "node:test";

import { Client } from "../../static/client/client.js";
import { FakeStorage, fakePage } from "./support/fakes.js";
import { World } from "./support/model_server.js";

const SEEDS = Array.from({ length: 100 }, (_, i) => i + 1);
const QUESTIONS = ["q1", "q2", "q3"];
const STEPS = 150;

/** What IndexedDB keeps over a crash. */
class Disk {
  rows = new Map();

  store() {
    return {
      load: async () => [...this.rows.values()].map((row) => structuredClone({ ...row, seq: null })).sort((a, b) => a.order - b.order),
      put: (entry) => this.rows.set(entry.id, structuredClone(entry)),
      remove: (entries) => entries.forEach(({ id }) => this.rows.delete(id)),
      close: () => {},
    };
  }
}

class Student {
  constructor(world) {
    this.world = world;
    this.disk = new Disk();
    this.tab = new FakeStorage();
    this.typed = { q1: 0, q2: 0, q3: 0 };
    this.marks = new Map();
    this.number = 0;
  }

  async open() {
    fakePage();
    this.restore = this.world.install();
    this.client = new Client({ url: "http://monitor.test", token: "t", sessionId: "s", studentId: "u", tabStorage: this.tab });
    this.client.line.link.options.timers = this.world.timers;
    const store = this.disk.store();
    this.client.store = this.client.outgoing.store = this.client.pending.store = store;
    await this.client.start();
  }

  /** The page is gone in this moment; `warned`: it was told before. */
  end(warned) {
    if (warned) window.dispatchEvent(new Event("pagehide"));
    this.client.close();
    this.restore();
  }

  /** Nobody can answer a test that has not come yet. */
  get knows() {
    return this.client.state.attempt !== null;
  }

  type(question) {
    if (!this.knows) return;
    this.typed[question] += 1;
    this.client.answer(question, `${this.typed[question]}`, this.world.random() < 0.7 ? 400 : 0);
  }

  mark() {
    if (!this.knows) return;
    const known = [...this.marks.keys()];
    if (known.length > 0 && this.world.random() < 0.4) {
      const id = known[Math.floor(this.world.random() * known.length)];
      this.marks.delete(id);
      this.client.removeHighlight(id);
    } else {
      this.number += 1;
      const id = `h${this.number}`;
      this.marks.set(id, `note ${this.number}`);
      this.client.highlight({ id, text: "", comment: `note ${this.number}` });
    }
  }
}

async function storm(seed) {
  const world = new World(seed);
  const { random, server } = world;
  const student = new Student(world);
  await student.open();
  await world.pass(3_000);
  for (let step = 0; step < STEPS; step += 1) {
    const roll = random();
    if (roll < 0.55) student.type(QUESTIONS[Math.floor(random() * 3)]);
    else if (roll < 0.62) student.mark();
    else if (roll < 0.7) world.cut();
    else if (roll < 0.8) {
      world.networkUp = true;
      window.dispatchEvent(new Event("online"));
    } else if (roll < 0.84) world.slowestMs = [20, 300, 4_000][Math.floor(random() * 3)];
    else if (roll < 0.87) world.skewMs = Math.round((random() - 0.5) * 86_400_000);
    else if (roll < 0.9) server.refuseNext = 1;
    else if (roll < 0.95) {
      student.end(random() < 0.7);
      if (random() < 0.3) student.tab = new FakeStorage();
      await student.open();
    }
    await world.pass(random() * 1_500);
  }
  world.networkUp = true;
  world.slowestMs = 50;
  server.refuseNext = 0;
  await world.pass(60_000);
  const { client } = student;
  const shown = { state: client.state, unsaved: client.status.unsaved };
  student.client.handIn();
  await world.pass(5_000);
  student.end(false);
  return { student, server, shown };
}

for (const seed of SEEDS) {
  test(`storm ${seed}: the last value of each question stands, and never an older one after it`, async () => {
    const { student, server, shown } = await storm(seed);
    const expected = Object.fromEntries(QUESTIONS.filter((q) => student.typed[q] > 0).map((q) => [q, String(student.typed[q])]));
    const stored = (answers) => Object.fromEntries(Object.entries(answers).map(([q, { value }]) => [q, value]).sort());
    assert.deepEqual(stored(server.answers), expected);
    assert.deepEqual(stored(shown.state.attempt.answers), expected);
    assert.equal(shown.unsaved, 0);
    for (const question of QUESTIONS) {
      const order = server.history.filter(([q]) => q === question).map(([, value]) => Number(value));
      assert.deepEqual(order, [...new Set(order)].sort((a, b) => a - b), "an older value came after a newer one");
    }
    assert.deepEqual(server.highlights.map(({ id }) => id).sort(), [...student.marks.keys()].sort());
    assert.equal(server.submitted, 1);
    assert.equal(student.disk.rows.size, 0);
  });
}
