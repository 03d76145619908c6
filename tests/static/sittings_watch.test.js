import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { MOST, SittingsWatch } from "../../static/setup/sittings_watch.js";
import { FakeSocket, FakeTimers } from "./support/fakes.js";

const NOW = "2026-11-23T10:00:00.000Z";
const snapshot = (id, version = 1, epoch = "e1") => ({
  type: "snapshot",
  session_id: id,
  version,
  epoch,
  server_time: NOW,
  session: { id, status: "IN_PROGRESS" },
  participants: [],
  attempts: [],
  students: [],
  messages: [],
});
const change = (id, from, version, more = {}) => ({
  type: "change",
  session_id: id,
  from_version: from,
  version,
  server_time: NOW,
  ...more,
});

let watch;
let timers;

beforeEach(() => {
  FakeSocket.all = [];
  timers = new FakeTimers();
  const link = { connector: (n) => new FakeSocket(String(n)), timers };
  watch = new SittingsWatch({ url: "http://x", token: () => "T", refresh: async () => "T", link });
});

async function welcomed() {
  await timers.pass(0);
  await FakeSocket.latest.open();
  await timers.pass(0);
  await FakeSocket.latest.tell({ type: "authenticated", server_time: NOW, heartbeat_seconds: 5 });
  await timers.pass(0);
}

const asked = () => FakeSocket.latest.sent.filter(({ type }) => type !== "authenticate");

test("one connection watches all, and no connection is made for none", async () => {
  watch.watch([]);
  await timers.pass(0);
  assert.equal(FakeSocket.all.length, 0);
  watch.watch(["a", "b"]);
  await welcomed();
  assert.equal(FakeSocket.all.length, 1);
  assert.deepEqual(asked(), [
    { type: "watch", session_id: "a" },
    { type: "watch", session_id: "b" },
  ]);
});

test("what is new is watched, what is gone is not", async () => {
  watch.watch(["a", "b"]);
  await welcomed();
  FakeSocket.latest.sent.length = 0;
  watch.watch(["b", "c"]);
  assert.deepEqual(asked(), [
    { type: "unwatch", session_id: "a" },
    { type: "watch", session_id: "c" },
  ]);
});

test("snapshots and changes keep each sitting's own state", async () => {
  watch.watch(["a", "b"]);
  await welcomed();
  await FakeSocket.latest.tell(snapshot("a"));
  await FakeSocket.latest.tell(snapshot("b", 7));
  await FakeSocket.latest.tell(change("b", 7, 8, { session: { id: "b", status: "COMPLETED" } }));
  assert.equal(watch.state("a").session.status, "IN_PROGRESS");
  assert.deepEqual([watch.state("b").version, watch.state("b").session.status], [8, "COMPLETED"]);
});

test("a change that does not continue what is known asks again, once", async () => {
  watch.watch(["a"]);
  await welcomed();
  await FakeSocket.latest.tell(snapshot("a", 3));
  FakeSocket.latest.sent.length = 0;
  await FakeSocket.latest.tell(change("a", 5, 6));
  await FakeSocket.latest.tell(change("a", 6, 7));
  assert.deepEqual(asked(), [{ type: "watch", session_id: "a", version: 3, epoch: "e1" }]);
});

test("another epoch starts from snapshots", async () => {
  watch.watch(["a"]);
  await welcomed();
  await FakeSocket.latest.tell(snapshot("a", 3));
  FakeSocket.latest.sent.length = 0;
  await FakeSocket.latest.tell({ type: "pulse", server_time: NOW, epoch: "e2", sessions: [] });
  assert.deepEqual(asked(), [{ type: "watch", session_id: "a" }]);
});

test("after a fall it goes on from what it has", async () => {
  watch.watch(["a"]);
  await welcomed();
  await FakeSocket.latest.tell(snapshot("a", 3));
  await FakeSocket.latest.fall(1006);
  await timers.pass(1_000);
  await welcomed();
  assert.equal(FakeSocket.all.length, 2);
  assert.deepEqual(asked(), [{ type: "watch", session_id: "a", version: 3, epoch: "e1" }]);
});

test("a sitting is live while pulses verify it", async () => {
  watch.watch(["a"]);
  await welcomed();
  await FakeSocket.latest.tell(snapshot("a"));
  assert.equal(watch.live("a"), false, "no pulse yet");
  const sessions = [{ session_id: "a", version: 1, heartbeats: 3, verified_at: NOW }];
  await FakeSocket.latest.tell({ type: "pulse", server_time: NOW, epoch: "e1", sessions });
  assert.equal(watch.live("a"), true);
  assert.equal(watch.live("other"), false);
});

test("a sitting that is refused is let go, the others stay", async () => {
  watch.watch(["a", "b"]);
  await welcomed();
  await FakeSocket.latest.tell(snapshot("b"));
  await FakeSocket.latest.tell({ type: "error", code: "forbidden", session_id: "a", server_time: NOW });
  assert.equal(watch.state("a"), null);
  assert.equal(watch.state("b").version, 1);
});

test("no more are watched than the server lets", async () => {
  watch.watch(Array.from({ length: MOST + 5 }, (_, i) => `s${i}`));
  await welcomed();
  assert.equal(asked().length, MOST);
});
