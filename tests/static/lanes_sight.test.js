import assert from "node:assert/strict";
import { test } from "node:test";

import { History } from "../../static/dashboard/lanes/history.js";
import { itemAt, itemsOf, sittingItems } from "../../static/dashboard/lanes/items.js";
import { Picture } from "../../static/dashboard/lanes/model.js";
import { Sight } from "../../static/dashboard/lanes/sight.js";
import { ticks, whole, zoomed } from "../../static/dashboard/lanes/span.js";
import { ApiError } from "../../static/lib/api.js";
import { settle } from "./support/fakes.js";

const MINUTE = 60_000;
const lengthOf = ({ from, to }) => to - from;

test("zooming keeps the moment under the pointer where it is", () => {
  const all = whole(0, 60 * MINUTE);
  const span = zoomed({ from: 10 * MINUTE, to: 30 * MINUTE }, 2, 15 * MINUTE, all);
  assert.deepEqual(span, { from: 12.5 * MINUTE, to: 22.5 * MINUTE });
});

test("nothing is zoomed beyond what there is, nor nearer than ten seconds", () => {
  const all = whole(0, 60 * MINUTE);
  assert.deepEqual(zoomed(all, 0.1, 0, all), all);
  assert.equal(lengthOf(zoomed(all, 1e9, 5 * MINUTE, all)), 10_000);
});

test("the whole sitting grows; near now it goes on with now; what is looked at stands still", () => {
  const sight = new Sight();
  sight.grow(0, 10 * MINUTE);
  assert.equal(sight.mode, "whole");
  sight.grow(0, 20 * MINUTE);
  assert.deepEqual(sight.span, whole(0, 20 * MINUTE));
  sight.zoom(4, sight.all.to);
  assert.equal(sight.mode, "now");
  const before = sight.span;
  sight.grow(0, 21 * MINUTE);
  assert.ok(sight.span.to > before.to);
  assert.ok(Math.abs(lengthOf(sight.span) - lengthOf(before)) < 1);
  sight.pan(-1);
  assert.equal(sight.mode, "still");
  const still = sight.span;
  sight.grow(0, 22 * MINUTE);
  assert.deepEqual(sight.span, still);
  sight.showNow();
  assert.equal(sight.span.to, sight.all.to);
  sight.showWhole();
  assert.deepEqual([sight.mode, sight.span], ["whole", sight.all]);
});

test("a moment out of sight is brought into it, one in sight moves nothing", () => {
  const sight = new Sight();
  sight.grow(0, 60 * MINUTE);
  sight.zoom(6, 50 * MINUTE);
  const { span } = sight;
  sight.reveal((span.from + span.to) / 2);
  assert.equal(sight.span, span);
  sight.reveal(2 * MINUTE);
  assert.ok(sight.span.from <= 2 * MINUTE && sight.span.to > 2 * MINUTE);
});

test("times along the axis are round in the reader's zone and no more than fit", () => {
  const { times, step } = ticks({ from: 0, to: 60 * MINUTE }, 7, 30 * MINUTE);
  assert.equal(step, 10 * MINUTE);
  assert.deepEqual(times, [0, 10, 20, 30, 40, 50, 60].map((minute) => minute * MINUTE));
  assert.equal(ticks({ from: 0, to: 60 * MINUTE }, 2, 15 * MINUTE).times[0], 15 * MINUTE);
});

const line = (version, type, student = null, data = {}) => ({ id: `e${version}`, version, at: new Date(version * 1000).toISOString(), type, student_id: student, actor_id: null, data });

test("what is pointed at is the mark that is near, else the stretch, else nothing", () => {
  const picture = new Picture();
  picture.add([line(0, "started"), line(10, "joined", "ada"), line(40, "saved", "ada", { question_id: "q1", answered: 1, total: 4 })]);
  const items = itemsOf(picture, picture.lanes.get("ada"), 100_000, null);
  assert.equal(itemAt(items, 41_000, 2_000).mark.type, "saved");
  assert.equal(itemAt(items, 50_000, 2_000).segment.kind, "online");
  assert.equal(itemAt(items, 5_000, 2_000), null);
  assert.deepEqual(itemsOf(picture, undefined, 100_000, null), []);
});

test("the sitting's own lane tells how it stood and what was for everyone", () => {
  const picture = new Picture();
  picture.add([line(0, "opened"), line(10, "started"), line(20, "paused"), line(30, "resumed"), line(35, "message", null, { text: "Hello", student_ids: null }), line(40, "completed")]);
  const told = sittingItems(picture, 100_000).map(({ at, to, status, mark }) => [status ?? mark.type, at / 1000, to / 1000]);
  assert.deepEqual(told, [["WAITING_FOR_STUDENTS", 0, 10], ["IN_PROGRESS", 10, 20], ["PAUSED", 20, 30], ["IN_PROGRESS", 30, 40], ["message", 35, 35], ["completed", 40, 40]]);
});

class FakeApi {
  constructor(stored) {
    this.stored = stored;
    this.asked = [];
    this.fails = false;
  }

  async all(path) {
    this.asked.push(path);
    if (this.fails) throw new ApiError(0, {});
    const after = Number(/version=(\d+)/.exec(path)?.[1] ?? -1);
    return this.stored.filter(({ version }) => version > after);
  }
}

const LINES = [line(1, "opened"), line(2, "joined", "ada"), line(3, "started"), line(4, "joined", "bo"), line(5, "joined", "chi"), line(6, "joined", "dan")];
const upTo = (version) => LINES.filter((one) => one.version <= version);
const state = (version, since, more = {}) => ({ epoch: "e", version, eventsSince: since, events: LINES.filter((one) => one.version > since && one.version <= version), ...more });

test("what was before is asked for once, what comes is taken from the live state, nothing twice", async () => {
  const api = new FakeApi(upTo(3));
  const history = new History({ api, sessionId: "s" }, () => {});
  history.follow(state(3, 3), 5);
  history.follow(state(4, 3), 5); // while the first is under way
  await settle();
  history.follow(state(4, 3), 5);
  history.follow(state(5, 3), 5);
  history.follow(state(5, 3), 5);
  assert.equal(history.picture.count, 5);
  assert.equal(api.asked.length, 1);
});

test("an answer that was newer than the state is not taken twice", async () => {
  const history = new History({ api: new FakeApi(upTo(5)), sessionId: "s" }, () => {});
  history.follow(state(3, 3), 5);
  await settle();
  history.follow(state(5, 3), 5);
  assert.equal(history.picture.count, 5);
});

test("where the live state lacks some, they are asked for from the version that is known", async () => {
  const api = new FakeApi(upTo(2));
  const history = new History({ api, sessionId: "s" }, () => {});
  history.follow(state(2, 2), 5);
  await settle();
  api.stored = upTo(6);
  history.follow(state(6, 5), 5);
  await settle();
  assert.match(api.asked[1], /version=2/);
  assert.deepEqual([history.picture.count, history.upTo], [6, 6]);
});

test("another database begins afresh; a server that is not reached is asked again later", async () => {
  const api = new FakeApi(upTo(3));
  const heard = [];
  const history = new History({ api, sessionId: "s" }, () => heard.push(history.failed));
  api.fails = true;
  history.follow(state(3, 3), 5);
  await settle();
  assert.deepEqual([history.ready, history.failed], [false, true]);
  history.follow(state(3, 3), 5);
  assert.equal(api.asked.length, 1); // not at once
  api.fails = false;
  history.follow(state(3, 3, { epoch: "f" }), 2);
  await settle();
  assert.deepEqual([history.ready, history.failed, history.picture.count, history.picture.unstableMs], [true, false, 3, 4000]);
  assert.deepEqual(heard, [true, false]);
});
