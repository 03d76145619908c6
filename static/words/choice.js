/** Which language the pages speak: the one chosen here before, else the browser's, else English. */

const KEY = "monitor.language";

/**
 * @param {string[]} offered tags; the first is the one to fall back to
 * @param {{stored?: string | null, preferred?: readonly string[]}} [wishes]
 * @returns {string} one of `offered`
 */
export function chosenLanguage(offered, { stored = storedLanguage(), preferred = browserLanguages() } = {}) {
  const wishes = [stored ?? "", ...preferred].map((tag) => tag.toLowerCase().split("-")[0]);
  return wishes.find((tag) => offered.includes(tag)) ?? offered[0];
}

/** @param {string} tag speak this from now on, also on other pages; they are to be loaded anew */
export function chooseLanguage(tag) {
  localStorage.setItem(KEY, tag);
}

/** @returns {string | null} */
function storedLanguage() {
  return globalThis.localStorage?.getItem(KEY) ?? null;
}

/** @returns {readonly string[]} */
function browserLanguages() {
  return globalThis.document ? navigator.languages : [];
}
