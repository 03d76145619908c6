import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";

import en from "../../static/words/en.js";
import { chosenLanguage } from "../../static/words/choice.js";
import { CATALOGUES, refusal, t, wordsFor } from "../../static/words/index.js";

const STATIC = new URL("../../static/", import.meta.url);
const scripts = readdirSync(STATIC, { recursive: true }).filter((name) => name.endsWith(".js"));
const sources = scripts.map((name) => readFileSync(new URL(name, STATIC), "utf8"));
const pages = scripts.filter((name) => !name.startsWith("words/")).map((name) => readFileSync(new URL(name, STATIC), "utf8"));

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
  const all = [...pages, sources[scripts.indexOf("words/index.js")]].join("\n");
  const made = [...all.matchAll(/`([a-z]+(?:\.[a-z]+)*\.)\$\{/g)].map(([, prefix]) => prefix);
  const used = (key) => all.includes(`"${key}"`) || made.some((prefix) => key.startsWith(prefix));
  assert.deepEqual(Object.keys(en.entries).filter((key) => !used(key)), []);
});

for (const [tag, { entries, language }] of Object.entries(CATALOGUES)) {
  test(`the catalogue of ${tag} is whole: its keys, its forms and what is filled in`, () => {
    assert.deepEqual(Object.keys(entries).sort(), Object.keys(en.entries).sort());
    const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(entries)) {
      const texts = textsOf(entry);
      assert.ok(texts.every((text) => text !== ""), key);
      if (typeof entry === "object") assert.deepEqual(Object.keys(entry).sort(), [...forms].sort(), key);
      if (!key.startsWith("error.")) assert.deepEqual(filledIn(texts), filledIn(textsOf(en.entries[key])), key);
    }
  });
}

const textsOf = (entry) => (typeof entry === "string" ? [entry] : Object.values(entry));
const filledIn = (texts) => [...new Set(texts.flatMap((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)))].sort();

test("the language is the one chosen, else the browser's, else the first there is", () => {
  const offered = ["en", "de"];
  assert.equal(chosenLanguage(offered, { stored: "de", preferred: ["en-US"] }), "de");
  assert.equal(chosenLanguage(offered, { stored: null, preferred: ["fr-FR", "de-AT", "en"] }), "de");
  assert.equal(chosenLanguage(offered, { stored: "fr", preferred: ["it"] }), "en");
});

test("a refusal is told in the server's own sentence, in English", () => {
  assert.equal(refusal("not_found", "There is nothing here."), "There is nothing here.");
  assert.equal(refusal("a_new_one", "A new sentence."), "A new sentence.");
});

test("every code a server refuses with has its words", () => {
  const wire = readFileSync(new URL("../docs/wire.md", STATIC), "utf8");
  const [, table] = wire.split("## Error codes");
  const codes = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  assert.ok(codes.length > 20);
  for (const code of codes) assert.ok(`error.${code}` in en.entries, code);
});
