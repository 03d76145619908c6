import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Client } from "../../static/client/client.js";
import { Heartbeat } from "../../static/client/heartbeat.js";
import { lastWords, sizeOf } from "../../static/client/parting.js";
import { plain } from "../../static/client/plain_text.js";
import { userOf } from "../../static/client/surroundings.js";
import { slept } from "../../static/client/wake.js";
import { FakeSocket, FakeStorage, FakeTimers, fakePage, settle } from "./support/fakes.js";

const answer = (question, value) => ({ type: "answer", question_id: question, value, answered_at: "2026-11-22T10:00:00.000Z" });
const submit = { type: "submit", given_at: "2026-11-22T10:30:00.000Z" };
const ended = [];

beforeEach(fakePage);
afterEach(() => {
  for (const end of ended.splice(0)) end();
});

async function client() {
  const it = new Client({ url: "http://monitor.test/", token: "t", sessionId: "s", studentId: "u", tabStorage: new FakeStorage() });
  it.line.link.options.timers = new FakeTimers();
  ended.push(() => it.close());
  await it.start();
  await FakeSocket.latest.open();
  const attempt = { id: "a", status: "IN_PROGRESS", answers: {}, highlighted_text: [], last_saved_at: null };
  await FakeSocket.latest.tell({ type: "joined", session: {}, attempt, test: {}, messages: [], server_time: new Date().toISOString(), heartbeat_seconds: 5, connection_id: "c.1" });
  return it;
}

test("a closing page sends its answers, numbered, and hands in only when nothing else is left", () => {
  assert.deepEqual(lastWords([answer("q1", "a"), answer("q2", "b"), submit]).map(({ type, seq }) => [type, seq]), [["answer", 1], ["answer", 2]]);
  assert.deepEqual(lastWords([submit]).map(({ type }) => type), ["submit"]);
  assert.deepEqual(lastWords([{ type: "raise_hand" }]), []);
});

test("what does not fit into a closing page's last words is left out, and what is smaller still goes", () => {
  const [short, long] = [answer("q1", "short"), answer("q2", "🌊".repeat(1_000))];
  const room = sizeOf({ ...short, seq: 1 }) + 100;
  assert.deepEqual(lastWords([long, short], room).map(({ question_id }) => question_id), ["q1"]);
  assert.ok(sizeOf(long) > 4_000);
});

test("a page that goes away says what is not acknowledged, and keeps it for the next time", async () => {
  const requests = [];
  globalThis.fetch = async (url, request) => {
    requests.push([url, request.keepalive, JSON.parse(request.body).operations]);
    return { ok: true };
  };
  const it = await client();
  it.answer("q1", "half a wo", 400);
  window.dispatchEvent(new Event("pagehide"));
  await settle();
  const [[url, keepalive, [told]]] = requests;
  assert.deepEqual([url, keepalive, told.value], ["http://monitor.test/api/attempts/a/operations", true, "half a wo"]);
  assert.equal(it.status.unsaved, 1);
  const [sent] = FakeSocket.latest.of("answer");
  assert.equal(sent.answered_at, told.answered_at, "sent twice it must be the same answer");
});

test("whoever goes on elsewhere has not handed in here", async () => {
  const requests = [];
  globalThis.fetch = async (_url, { body }) => {
    const { operations } = JSON.parse(body);
    requests.push(...operations.map(({ type }) => type));
    return { ok: true, json: async () => ({ ack: operations.at(-1).seq, errors: [], server_time: new Date().toISOString() }) };
  };
  const it = await client();
  it.answer("q1", "a");
  it.handIn();
  await FakeSocket.latest.fall(4505);
  await settle();
  await settle();
  assert.deepEqual(requests, ["answer"]);
  assert.deepEqual([it.status.handingIn, it.status.unsaved], [false, 0]);
});

test("what is too long for the server is told at once and does not cost the connection", async () => {
  const it = await client();
  const told = [];
  it.addEventListener("refused", ({ detail }) => told.push(detail.code));
  it.answer("q1", "\u0001".repeat(20_000));
  assert.deepEqual([told, FakeSocket.latest.of("answer"), it.status.unsaved], [["too_large"], [], 0]);
});

test("text that no database could read back is made readable", () => {
  assert.equal(plain("a\0b\ud83cc 🌊"), "ab\ufffdc 🌊");
  assert.deepEqual(plain(["x\0"]), ["x"]);
  assert.equal(plain(4), 4);
});

test("whose token it is stands in the token", () => {
  const claims = Buffer.from(JSON.stringify({ sub: "u-ü" })).toString("base64url");
  assert.equal(userOf(`h.${Buffer.from('{"sub":"u-1"}').toString("base64url")}.s`), "u-1");
  assert.ok(userOf(`h.${claims}.s`));
  assert.throws(() => userOf("no token"), /no studentId was given/);
});

test("a device that slept is noticed by its clock, one that is busy for a moment is not", () => {
  let now = 0;
  let woke = 0;
  const look = slept(() => (woke += 1), () => now);
  for (const gap of [1_000, 3_000, 1_000, 60_000, 1_000]) {
    now += gap;
    look();
  }
  assert.equal(woke, 1);
});

test("on a page of another address the worker is made from its text, and where that is forbidden a timer does it", () => {
  const made = [];
  globalThis.Worker = class {
    constructor(url) {
      made.push(String(url).split(":")[0]);
      this.posted = [];
      this.postMessage = (message) => this.posted.push(message);
      this.terminate = () => {};
    }
  };
  ended.push(() => delete globalThis.Worker);
  let beats = 0;
  const it = new Heartbeat(() => (beats += 1));
  ended.push(() => it.close());
  it.every(5_000);
  assert.deepEqual([made, it.worker.posted], [["blob"], [{ everyMs: 5_000 }]]);
  it.worker.onerror();
  assert.deepEqual([it.worker, it.everyMs], [null, 5_000]);
  it.nudge();
  assert.equal(beats, 0);
  it.last -= 8_000;
  it.nudge();
  assert.equal(beats, 1, "what the server sends keeps a slowed page beating");
});
