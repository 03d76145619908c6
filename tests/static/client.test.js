import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Client } from "../../static/client/client.js";
import { FakeSocket, FakeStorage, FakeTimers, fakePage, settle } from "./support/fakes.js";

let timers;
let storage;
let clients;

beforeEach(() => {
  fakePage();
  timers = new FakeTimers();
  storage = new FakeStorage();
  clients = [];
});

afterEach(() => {
  for (const client of clients) client.close();
});

const ATTEMPT = { id: "a", status: "IN_PROGRESS", answers: {}, highlighted_text: [], hand_raised_at: null, last_saved_at: null, reopened_at: null };

const joined = (more = {}) => ({
  type: "joined",
  version: 2,
  epoch: "e",
  session: { id: "s", status: "IN_PROGRESS" },
  attempt: ATTEMPT,
  test: { id: "t", passages: [], questions: [] },
  messages: [],
  server_time: new Date().toISOString(),
  heartbeat_seconds: 5,
  connection_id: "c.0",
  ...more,
});

async function client(more = {}) {
  const it = new Client({ url: "http://monitor.test", token: "t", sessionId: "s", studentId: "u", tabStorage: storage, ...more });
  it.line.link.options.timers = timers;
  clients.push(it);
  await it.start();
  return it;
}

async function standing(more) {
  const it = await client(more);
  await FakeSocket.latest.open();
  await FakeSocket.latest.tell(joined());
  return it;
}

const ack = (seq) => ({ type: "ack", seq, server_time: new Date().toISOString() });
const lastSeq = () => FakeSocket.latest.sent.at(-1).seq;

test("it joins with the token, and knows everything when it has joined", async () => {
  const it = await standing();
  const [join] = FakeSocket.latest.sent;
  assert.deepEqual([join.type, join.token, join.session_id, join.connection_id], ["join", "t", "s", undefined]);
  assert.equal(FakeSocket.latest.url, "ws://monitor.test/ws/student");
  assert.equal(it.state.attempt.id, "a");
  assert.equal(it.status.connection, "online");
});

test("a reload is a reconnect, a new tab is not", async () => {
  (await standing()).close();
  await client();
  await FakeSocket.latest.open();
  assert.equal(FakeSocket.latest.sent[0].connection_id, "c.0");
  await client({ tabStorage: new FakeStorage() });
  await FakeSocket.latest.open();
  assert.equal(FakeSocket.latest.sent[0].connection_id, undefined);
});

test("an answer is unsaved until it is acknowledged", async () => {
  const it = await standing();
  it.answer("q1", "b");
  assert.equal(it.status.unsaved, 1);
  const [sent] = FakeSocket.latest.of("answer");
  assert.deepEqual([sent.question_id, sent.value], ["q1", "b"]);
  await FakeSocket.latest.tell(ack(sent.seq));
  assert.equal(it.status.unsaved, 0);
  assert.equal(it.state.attempt.answers.q1.value, "b");
  assert.ok(it.status.savedAt);
});

test("what was given while offline is sent in the next connection, the last value only", async () => {
  const it = await standing();
  it.answer("q1", "sent, and lost on the way");
  await FakeSocket.latest.fall();
  it.answer("q1", "first");
  it.answer("q1", "last");
  it.answer("q2", 7);
  assert.equal(it.status.connection, "offline");
  assert.equal(it.status.unsaved, 2);
  await timers.pass(2_000);
  await FakeSocket.latest.open();
  await FakeSocket.latest.tell(joined({ connection_id: "c.1" }));
  const sent = FakeSocket.latest.of("answer");
  assert.deepEqual(sent.map(({ value }) => value), ["last", 7]);
  await FakeSocket.latest.tell(ack(lastSeq()));
  assert.equal(it.status.unsaved, 0);
});

test("numbers begin anew in every connection and always rise", async () => {
  const it = await standing();
  it.answer("q1", "a");
  it.answer("q2", "b");
  it.line.beat();
  await FakeSocket.latest.fall();
  await timers.pass(2_000);
  await FakeSocket.latest.open();
  await FakeSocket.latest.tell(joined());
  it.raiseHand("please");
  for (const { sent } of FakeSocket.all) {
    const numbers = sent.filter(({ seq }) => seq !== undefined).map(({ seq }) => seq);
    assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
    assert.equal(new Set(numbers).size, numbers.length);
    assert.equal(numbers[0], 1);
  }
});

test("handing in waits for every answer, and is done when the server says so", async () => {
  const it = await standing();
  it.answer("q1", "typed a moment ago", 400);
  it.handIn();
  assert.equal(FakeSocket.latest.of("answer").length, 1);
  assert.equal(FakeSocket.latest.of("submit").length, 0);
  assert.equal(it.status.handingIn, true);
  await FakeSocket.latest.tell(ack(lastSeq()));
  assert.equal(FakeSocket.latest.of("submit").length, 1);
  assert.equal(it.state.attempt.status, "IN_PROGRESS");
  await FakeSocket.latest.tell(ack(lastSeq()));
  assert.equal(it.state.attempt.status, "SUBMITTED");
  assert.equal(it.status.handingIn, false);
});

test("an answer that was refused leaves, and the page is told why", async () => {
  const it = await standing();
  const told = [];
  it.addEventListener("refused", ({ detail }) => told.push(detail));
  it.answer("q1", "b");
  await FakeSocket.latest.tell({ type: "error", code: "late", message: "Too late.", temporary: false, seq: lastSeq() });
  assert.deepEqual(told.map(({ code, op }) => [code, op.value]), [["late", "b"]]);
  assert.equal(it.status.unsaved, 0);
});

test("an answer refused for now stays unsaved", async () => {
  const it = await standing();
  it.answer("q1", "b");
  await FakeSocket.latest.tell({ type: "error", code: "unavailable", message: "", temporary: true, seq: lastSeq() });
  assert.equal(it.status.unsaved, 1);
  assert.equal(it.state.attempt.answers.q1.value, "b");
});

test("a message is received when it comes, read when it is read, and once only", async () => {
  const it = await standing();
  const came = [];
  it.addEventListener("message", ({ detail }) => came.push(detail.text));
  await FakeSocket.latest.tell({ type: "message", id: "m1", text: "Five more minutes", sent_at: new Date().toISOString() });
  assert.deepEqual(came, ["Five more minutes"]);
  assert.deepEqual(FakeSocket.latest.of("received").map(({ message_id }) => message_id), ["m1"]);
  it.markRead("m1");
  assert.deepEqual(FakeSocket.latest.of("read").map(({ message_id }) => message_id), ["m1"]);
  assert.equal(it.state.messages[0].read, true);
});

test("messages that came while away are received at the join", async () => {
  await client();
  await FakeSocket.latest.open();
  const missed = [{ id: "m1", text: "Hello", sent_at: new Date().toISOString(), read: false }];
  await FakeSocket.latest.tell(joined({ messages: missed }));
  assert.deepEqual(FakeSocket.latest.of("received").map(({ message_id }) => message_id), ["m1"]);
});

test("a message that is known already is not received again at a reconnect", async () => {
  await standing();
  await FakeSocket.latest.tell({ type: "message", id: "m1", text: "Hello", sent_at: new Date().toISOString() });
  await FakeSocket.latest.tell(ack(lastSeq()));
  await FakeSocket.latest.fall();
  await timers.pass(2_000);
  await FakeSocket.latest.open();
  const again = [{ id: "m1", text: "Hello", sent_at: new Date().toISOString(), read: false }];
  await FakeSocket.latest.tell(joined({ messages: again }));
  assert.deepEqual(FakeSocket.latest.of("received"), []);
});

test("a hidden page says so, and sends what was being typed", async () => {
  const it = await standing();
  it.answer("q1", "half a word", 400);
  assert.equal(FakeSocket.latest.of("answer").length, 0);
  document.visibilityState = "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(FakeSocket.latest.of("answer").length, 1);
  assert.deepEqual(FakeSocket.latest.of("visibility").map(({ visible }) => visible), [false]);
});

test("a heartbeat tells where the student is", async () => {
  const it = await standing();
  it.at("q7");
  const beat = FakeSocket.latest.of("heartbeat").at(-1);
  assert.deepEqual([beat.question_id, beat.visible], ["q7", true]);
});

test("a replaced window sends the rest by HTTP, and comes back only when asked to", async () => {
  const calls = [];
  globalThis.fetch = async (url, { body }) => {
    calls.push([url, JSON.parse(body)]);
    return { ok: true, json: async () => ({ ack: JSON.parse(body).operations.at(-1).seq, errors: [], server_time: new Date().toISOString() }) };
  };
  const it = await standing();
  it.answer("q1", "not acknowledged");
  await FakeSocket.latest.tell({ type: "bye", code: 4505, reason: "", reconnect: false, after_ms: null });
  await FakeSocket.latest.fall(4505);
  await settle();
  assert.equal(it.status.connection, "replaced");
  const [[url, body]] = calls;
  assert.equal(url, "http://monitor.test/api/attempts/a/operations");
  assert.equal(body.connection_id, undefined);
  assert.deepEqual(body.operations.map(({ value }) => value), ["not acknowledged"]);
  assert.equal(it.status.unsaved, 0);
  it.takeOver();
  await FakeSocket.latest.open();
  assert.equal(FakeSocket.all.length, 2);
  assert.equal(FakeSocket.latest.sent[0].connection_id, undefined);
});

test("after a reload into a sitting that is over, what was kept goes by HTTP and the page is told what came of it", async () => {
  globalThis.fetch = async (_url, { body }) => {
    const { seq } = JSON.parse(body).operations[0];
    const late = { code: "late", message: "Too late.", temporary: false, seq };
    return { ok: true, json: async () => ({ ack: seq, errors: [late], server_time: new Date().toISOString() }) };
  };
  storage.setItem("monitor.attempt.u|s", "a");
  const it = await client();
  const told = [];
  it.addEventListener("refused", ({ detail }) => told.push(detail.code));
  it.answer("q1", "b");
  await FakeSocket.latest.fall(4503);
  for (let i = 0; i < 5; i += 1) await settle();
  assert.deepEqual(told, ["late"]);
  assert.deepEqual([it.status.connection, it.status.unsaved], ["over", 0]);
});

test("where sockets cannot connect it goes on by HTTP", async () => {
  const calls = [];
  globalThis.fetch = async (url, { body }) => {
    calls.push([url, JSON.parse(body)]);
    const answer = url.endsWith("/join") ? joined() : { ack: JSON.parse(body).operations.at(-1).seq, errors: [], server_time: new Date().toISOString() };
    return { ok: true, json: async () => answer };
  };
  const it = await client();
  it.answer("q1", "b");
  await FakeSocket.latest.fall();
  await timers.pass(20_000);
  await FakeSocket.latest.fall();
  await timers.pass(20_000);
  for (let i = 0; i < 50 && it.status.unsaved > 0; i += 1) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(it.status.connection, "online");
  assert.equal(it.status.unsaved, 0);
  assert.deepEqual(calls.map(([url]) => url.replace("http://monitor.test", "")), ["/api/sessions/s/join", "/api/attempts/a/operations"]);
});
