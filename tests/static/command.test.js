import assert from "node:assert/strict";
import { test } from "node:test";

import { Command, isUnknown } from "../../static/dashboard/steer/command.js";
import { ApiError } from "../../static/lib/api.js";

const WISH = { method: "POST", path: "/api/sessions/s/extend", body: { minutes: 5 } };

/** A server that notes the keys it was asked with, and answers as told. */
class FakeApi {
  constructor(...answers) {
    this.answers = answers;
    this.keys = [];
  }

  async call(_method, _path, _body, key) {
    this.keys.push(key);
    const answer = this.answers.shift();
    if (answer instanceof Error) throw answer;
    return { status: 200, json: async () => answer };
  }
}

test("a second click waits for the answer of the first", async () => {
  const api = new FakeApi({ done: ["ada"] });
  const command = new Command(api);
  const [first, second] = await Promise.all([command.send(WISH), command.send(WISH)]);
  assert.equal(first, second);
  assert.equal(api.keys.length, 1);
});

test("asked again after a lost answer it has the same key, another command has another", async () => {
  const api = new FakeApi(new ApiError(0, {}), { done: [] }, { done: [] });
  const command = new Command(api);
  await assert.rejects(command.send(WISH), ApiError);
  await command.send(WISH);
  await new Command(api).send(WISH);
  const [lost, again, other] = api.keys;
  assert.equal(lost, again);
  assert.notEqual(again, other);
});

test("a refusal is certain; silence and a server's own fault are not", () => {
  assert.deepEqual([0, 500, 503, 409, 422].map((status) => isUnknown(new ApiError(status, {}))), [true, true, true, false, false]);
  assert.equal(isUnknown(new TypeError("a mistake of ours")), false);
});
