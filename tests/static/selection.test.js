import assert from "node:assert/strict";
import { test } from "node:test";

import { NOBODY, extent, withAll, withRange, without } from "../../static/dashboard/selection.js";

const SHOWN = ["ada", "bo", "chi", "dan", "eve"];
const of = (...ids) => new Set(ids);

test("one more, one less, and the former selection is left alone", () => {
  const ada = withAll(NOBODY, ["ada"], true);
  assert.deepEqual(withAll(ada, ["bo"], true), of("ada", "bo"));
  assert.deepEqual(withAll(ada, ["ada"], false), NOBODY);
  assert.deepEqual(ada, of("ada"));
});

test("a range goes either way, in the order shown, and takes out as well as in", () => {
  assert.deepEqual(withRange(NOBODY, SHOWN, "dan", "bo", true), of("bo", "chi", "dan"));
  assert.deepEqual(withRange(of(...SHOWN), SHOWN, "bo", "dan", false), of("ada", "eve"));
});

test("a range from someone who is filtered out, or from nowhere, is one row", () => {
  assert.deepEqual(withRange(NOBODY, SHOWN, "zoe", "bo", true), of("bo"));
  assert.deepEqual(withRange(NOBODY, SHOWN, null, "bo", true), of("bo"));
});

test("all shown are taken in or out, and who is not shown stays as they were", () => {
  const hidden = of("zoe");
  const all = withAll(hidden, SHOWN, true);
  assert.deepEqual(all, of("zoe", ...SHOWN));
  assert.deepEqual(withAll(all, SHOWN, false), hidden);
});

test("how much of what is shown is chosen", () => {
  assert.equal(extent(of("zoe"), SHOWN), "none");
  assert.equal(extent(of("zoe", "bo"), SHOWN), "some");
  assert.equal(extent(of("zoe", ...SHOWN), SHOWN), "all");
  assert.equal(extent(of("zoe"), []), "none");
});

test("only who is not on the list any more goes, and is named; otherwise it is the same selection", () => {
  const chosen = of("ada", "zoe");
  assert.deepEqual(without(chosen, new Set(SHOWN)), { selection: of("ada"), gone: ["zoe"] });
  assert.equal(without(chosen, of("ada", "zoe")).selection, chosen);
});
