/**
 * Everything people read comes from a catalogue. `{name}` is filled in; an entry with plural forms
 * is chosen by `count`.
 *
 * @typedef {string | {one?: string, two?: string, few?: string, many?: string, other: string}} Entry
 * @typedef {{language: string, name: string, entries: Record<string, Entry>}} Catalogue
 */

import { chosenLanguage } from "./choice.js";
import de from "./de.js";
import en from "./en.js";

/** @type {Record<string, Catalogue>} by the tag of the language */
export const CATALOGUES = { en, de };

const catalogue = CATALOGUES[chosenLanguage(Object.keys(CATALOGUES))];
const plurals = new Intl.PluralRules(catalogue.language);
if (globalThis.document) document.documentElement.lang = catalogue.language;

/** @returns {string} the language of the page, e.g. `en-GB` */
export function language() {
  return catalogue.language;
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const entry = catalogue.entries[key];
  if (entry === undefined) throw new Error(`no words for ${key}`);
  const text =
    typeof entry === "string" ? entry : (entry[plurals.select(Number(values.count))] ?? entry.other);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * Why the server refused something: its own sentence, or that of its code in another language.
 * @param {string} code
 * @param {string} message in English
 */
export function refusal(code, message) {
  const key = `error.${code}`;
  return key in catalogue.entries ? t(key, { message }) : message;
}

/**
 * The words for a server's code, or its own sentence where there are none.
 * @param {string} prefix
 * @param {string} code
 * @param {string} fallback
 */
export function wordsFor(prefix, code, fallback) {
  return `${prefix}.${code}` in catalogue.entries ? t(`${prefix}.${code}`) : fallback;
}
