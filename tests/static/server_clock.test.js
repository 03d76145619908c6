import assert from "node:assert/strict";
import { test } from "node:test";

import { ServerClock } from "../../static/client/server_clock.js";

const START = Date.parse("2026-11-22T10:00:00.000Z");

/** A device whose clock is wrong by `skewMs`, and messages that take a while. */
function device(skewMs) {
  let real = START;
  const clock = new ServerClock(
    () => real + skewMs,
    () => real - START,
  );
  return {
    clock,
    real: () => real,
    message(delayMs) {
      const sent = new Date(real).toISOString();
      real += delayMs;
      clock.learn(sent);
    },
    pass(ms) {
      real += ms;
    },
    set(ms) {
      skewMs += ms;
    },
  };
}

test("a device that is an hour slow still tells the server's time", () => {
  const it = device(-3_600_000);
  for (const delay of [400, 30, 900, 120]) it.message(delay);
  it.pass(60_000);
  assert.ok(Math.abs(it.clock.now() - it.real() + 30) < 20);
});

test("without any message the device's own clock is all there is", () => {
  const it = device(5);
  assert.equal(it.clock.now(), START + 5);
});

test("a device whose clock is set forgets what it learned before", () => {
  const it = device(0);
  it.message(20);
  it.set(10 * 60_000);
  it.message(50);
  assert.equal(it.clock.now(), it.real() - 50);
});

test("a slow network is no clock that was set", () => {
  const it = device(0);
  it.message(20);
  for (let i = 0; i < 30; i += 1) it.message(6_000);
  assert.ok(Math.abs(it.clock.now() - it.real() + 20) < 60);
});

test("after the clock was set it is not sure until the next message", () => {
  const it = device(0);
  it.message(20);
  assert.equal(it.clock.sure, true);
  it.set(-3_600_000);
  assert.equal(it.clock.sure, false);
  it.message(30);
  assert.equal(it.clock.sure, true);
  assert.equal(it.clock.now(), it.real() - 30);
});

test("a message without a time teaches nothing", () => {
  const it = device(0);
  it.clock.learn(undefined);
  it.clock.learn("soon");
  assert.equal(it.clock.offsetMs, 0);
});
