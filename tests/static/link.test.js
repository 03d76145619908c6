import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Link } from "../../static/client/link.js";
import { FakeSocket, FakeTimers, settle } from "./support/fakes.js";

let timers;
let statuses;
let messages;

beforeEach(() => {
  FakeSocket.all = [];
  timers = new FakeTimers();
  statuses = [];
  messages = [];
});

function link(more = {}) {
  return new Link({
    connector: () => new FakeSocket(),
    hello: () => ({ type: "hello" }),
    welcome: "welcome",
    onMessage: (message) => messages.push(message),
    onStatus: ({ phase, code }) => statuses.push([phase, code]),
    timers,
    ...more,
  });
}

async function standing(more) {
  const it = link(more);
  it.start();
  await FakeSocket.latest.open();
  await FakeSocket.latest.tell({ type: "welcome" });
  return it;
}

const bye = (code, more = {}) => ({ type: "bye", code, reason: "", reconnect: code < 4500, after_ms: null, ...more });

test("a link says hello, and is open when it is welcomed", async () => {
  const it = link();
  it.start();
  assert.equal(it.send({ type: "x" }), false);
  await FakeSocket.latest.open();
  assert.deepEqual(FakeSocket.latest.sent, [{ type: "hello" }]);
  assert.equal(it.send({ type: "too early" }), false);
  await FakeSocket.latest.tell({ type: "welcome" });
  assert.equal(it.send({ type: "x" }), true);
  assert.deepEqual(statuses, [["connecting", null], ["open", null]]);
});

test("after a fall it comes back, each time after a longer possible wait", async () => {
  await standing();
  timers.dice = 1;
  for (const wait of [1000, 2000, 4000]) {
    const sockets = FakeSocket.all.length;
    await FakeSocket.latest.fall();
    await timers.pass(wait - 1);
    assert.equal(FakeSocket.all.length, sockets);
    await timers.pass(1);
    assert.equal(FakeSocket.all.length, sockets + 1);
  }
});

test("a connection that stood makes the next wait short again", async () => {
  await standing();
  timers.dice = 1;
  for (let i = 0; i < 5; i += 1) {
    await FakeSocket.latest.fall();
    await timers.pass(20_000);
  }
  await FakeSocket.latest.open();
  await FakeSocket.latest.tell({ type: "welcome" });
  const sockets = FakeSocket.all.length;
  await FakeSocket.latest.fall();
  await timers.pass(1000);
  assert.equal(FakeSocket.all.length, sockets + 1);
});

test("a bye that names a time is obeyed to the millisecond, and waking does not shorten it", async () => {
  const it = await standing();
  await FakeSocket.latest.tell(bye(4001, { after_ms: 7000 }));
  await FakeSocket.latest.fall(4001);
  it.wake();
  await timers.pass(6999);
  assert.equal(FakeSocket.all.length, 1);
  await timers.pass(1);
  assert.equal(FakeSocket.all.length, 2);
});

test("a bye that says so, and a code from 4500 on, end it for good", async () => {
  for (const say of [true, false]) {
    FakeSocket.all = [];
    const it = await standing();
    if (say) await FakeSocket.latest.tell(bye(4505));
    await FakeSocket.latest.fall(say ? 1006 : 4505);
    assert.deepEqual([it.status.phase, it.status.code], ["closed", 4505]);
    await timers.pass(60_000);
    it.wake();
    assert.equal(FakeSocket.all.length, 1);
  }
});

test("a bye decides over its code's number", async () => {
  const ended = await standing();
  await FakeSocket.latest.tell(bye(4100, { reconnect: false }));
  await FakeSocket.latest.fall(4100);
  assert.equal(ended.status.phase, "closed");
  const back = await standing();
  await FakeSocket.latest.tell(bye(4600, { reconnect: true }));
  await FakeSocket.latest.fall(4600);
  assert.equal(back.status.phase, "waiting");
});

test("an expired token is renewed before coming back", async () => {
  let renewed = 0;
  await standing({ refresh: async () => Boolean((renewed += 1)) });
  await FakeSocket.latest.tell(bye(4005));
  await FakeSocket.latest.fall(4005);
  await timers.pass(1000);
  assert.equal(renewed, 1);
  assert.equal(FakeSocket.all.length, 2);
});

test("a token that cannot be renewed is as bad as a bad one", async () => {
  const it = await standing({ refresh: async () => false });
  await FakeSocket.latest.fall(4005);
  await timers.pass(60_000);
  assert.deepEqual([it.status.phase, it.status.code], ["closed", 4500]);
  assert.equal(FakeSocket.all.length, 1);
});

test("a connection that is silent too long is dropped without waiting for its farewell", async () => {
  const it = await standing({ silenceMs: 6000 });
  await timers.pass(5000);
  await FakeSocket.latest.tell({ type: "pulse" });
  await timers.pass(5999);
  assert.equal(it.status.phase, "open");
  await timers.pass(1);
  assert.equal(it.status.phase, "waiting");
  assert.ok(FakeSocket.all[0].closed);
});

test("a socket that never opens is given up", async () => {
  const it = link({ openMs: 10_000 });
  it.start();
  await timers.pass(10_000);
  assert.equal(it.status.phase, "waiting");
});

test("waking tries at once instead of waiting on", async () => {
  const it = await standing();
  await FakeSocket.latest.fall();
  it.wake();
  await settle();
  assert.equal(FakeSocket.all.length, 2);
  await timers.pass(30_000);
  assert.equal(FakeSocket.all.filter(({ closed }) => !closed).length, 1);
});

test("waking asks an open connection for a sign, and drops it if none comes", async () => {
  let asked = 0;
  const it = await standing({ probe: () => (asked += 1) });
  await timers.pass(100);
  it.wake();
  assert.equal(asked, 1);
  await timers.pass(500);
  await FakeSocket.latest.tell({ type: "ack" });
  await timers.pass(3000);
  assert.equal(it.status.phase, "open");
  it.wake();
  await timers.pass(2_499);
  assert.equal(it.status.phase, "open");
  await timers.pass(1);
  assert.deepEqual([it.status.phase, FakeSocket.all.length], ["connecting", 2]);
});

test("after what looks like a cut the sign must come sooner, and another try is made at once", async () => {
  const it = await standing({ probe: () => {} });
  await timers.pass(100);
  it.wake(true);
  await timers.pass(1_500);
  assert.deepEqual([it.status.phase, FakeSocket.all.length], ["connecting", 2]);
});

test("a try that began while the network was away is not waited for", async () => {
  const it = link();
  it.start();
  it.wake(true);
  assert.equal(FakeSocket.all.length, 1);
  await timers.pass(3_000);
  it.wake();
  assert.equal(FakeSocket.all.length, 1);
  it.wake(true);
  await settle();
  assert.deepEqual(FakeSocket.all.map(({ closed }) => closed), [true, false]);
});

test("waking makes the next waits short again", async () => {
  const it = await standing();
  timers.dice = 1;
  for (let i = 0; i < 6; i += 1) {
    await FakeSocket.latest.fall();
    await timers.pass(20_000);
  }
  await FakeSocket.latest.fall();
  it.wake();
  await settle();
  const sockets = FakeSocket.all.length;
  await FakeSocket.latest.fall();
  await timers.pass(2_000);
  assert.equal(FakeSocket.all.length, sockets + 1);
});

test("the server's sentence about the end is kept", async () => {
  const it = await standing();
  await FakeSocket.latest.tell(bye(4507, { reason: "this page is not listed" }));
  await FakeSocket.latest.fall(4507);
  assert.equal(it.status.reason, "this page is not listed");
});

test("what an old socket still says is not heard", async () => {
  const it = await standing();
  const [old] = FakeSocket.all;
  const { onmessage } = old;
  await old.fall();
  it.wake();
  await settle();
  messages.length = 0;
  onmessage({ data: JSON.stringify({ type: "late" }) });
  assert.deepEqual(messages, []);
});

test("a stopped link stays stopped", async () => {
  const it = await standing();
  await FakeSocket.latest.fall();
  it.stop();
  await timers.pass(60_000);
  assert.equal(FakeSocket.all.length, 1);
});

test("what is no JSON is passed over", async () => {
  await standing();
  FakeSocket.latest.onmessage({ data: "{" });
  await FakeSocket.latest.tell({ type: "pulse" });
  assert.deepEqual(messages.map(({ type }) => type), ["welcome", "pulse"]);
});
