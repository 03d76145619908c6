import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import en from "../../static/words/en.js";
import { CATALOGUES, t, wordsFor } from "../../static/words/index.js";

const STATIC = new URL("../../static/", import.meta.url);
const scripts = readdirSync(STATIC, { recursive: true }).filter((name) => name.endsWith(".js"));
const sources = scripts.map((name) => readFileSync(new URL(name, STATIC), "utf8"));
const LANGUAGES = Object.keys(CATALOGUES).length;

test("a count chooses its form", () => {
  assert.match(t("offline.some", { count: 1 }), /1 answer is kept/);
  assert.match(t("offline.some", { count: 3 }), /3 answers are kept/);
});

test("a code without words is told in the server's own", () => {
  assert.equal(wordsFor("status", "IN_PROGRESS", "?"), "In progress");
  assert.equal(wordsFor("status", "NEW_ONE", "its own sentence"), "its own sentence");
});

test("words that are not there are a mistake", () => {
  assert.throws(() => t("no.such.key"), /no words for/);
});

test("every key the pages name is in the catalogue", () => {
  for (const source of sources) {
    for (const [, key] of source.matchAll(/\bt\(\s*"([\w.]+)"/g)) assert.ok(key in en.entries, key);
  }
});

test("every entry of the catalogue is used somewhere", () => {
  const all = sources.join("\n");
  const made = [...all.matchAll(/`([a-z]+(?:\.[a-z]+)*\.)\$\{/g)].map(([, prefix]) => prefix);
  const used = (key) => all.split(`"${key}"`).length > 1 + LANGUAGES || made.some((prefix) => key.startsWith(prefix));
  assert.deepEqual(Object.keys(en.entries).filter((key) => !used(key)), []);
});
