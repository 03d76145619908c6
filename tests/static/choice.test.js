import assert from "node:assert/strict";
import { test } from "node:test";

import { FIRST, fromQuery, toQuery } from "../../static/dashboard/choice.js";

const VIEWS = ["table", "tiles"];

test("nothing chosen leaves the address alone, and an address without anything chooses nothing", () => {
  assert.equal(toQuery(FIRST), "");
  assert.deepEqual(fromQuery("", VIEWS), FIRST);
});

test("what was chosen comes back from the address, whatever it is called", () => {
  const choice = { filter: "hand", search: "Ada & Bo = ?", order: "time", view: "tiles", student: "u-1" };
  assert.deepEqual(fromQuery(toQuery(choice), VIEWS), choice);
});

test("an address that names what is not there is read as far as it goes", () => {
  assert.deepEqual(fromQuery("?filter=bored&order=shoe&view=lanes&search=ada&student=", VIEWS), { ...FIRST, search: "ada" });
});
