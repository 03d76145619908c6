/** Messages that a teacher writes again and again, kept on this device. */

const KEY = "monitor.quick_texts";
const MOST = 8;

/**
 * @param {string[]} texts
 * @param {string} text
 * @returns {string[]} with it in front, once
 */
export function withText(texts, text) {
  return [text, ...texts.filter((other) => other !== text)].slice(0, MOST);
}

/**
 * @param {string[]} first what there is before anything was kept here
 * @param {Pick<Storage, "getItem">} [storage]
 * @returns {string[]}
 */
export function quickTexts(first, storage = localStorage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? "null");
    return Array.isArray(kept) ? kept.filter((text) => typeof text === "string").slice(0, MOST) : first;
  } catch {
    return first;
  }
}

/**
 * @param {string[]} texts
 * @param {Pick<Storage, "setItem">} [storage]
 */
export function keepQuickTexts(texts, storage = localStorage) {
  storage.setItem(KEY, JSON.stringify(texts));
}
