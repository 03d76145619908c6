/**
 * A caret that goes through a text by words, for marking without a mouse: pure. Places are code
 * points, as in `positions.js`.
 *
 * @typedef {{start: number, end: number, sentence: number}} Word `sentence`: number of its sentence
 * @typedef {{anchor: number, head: number}} Caret indexes of words: from where, and where it is now
 */

const SPOKEN = /[\p{L}\p{N}\p{S}\p{Extended_Pictographic}]/u;
const SENTENCE_END = /[.!?…。！？]["'”’»)\]]*\s|\n/u;

/**
 * @param {string} text
 * @param {string} language
 * @returns {Word[]}
 */
export function wordsOf(text, language) {
  /** @type {Word[]} */
  const words = [];
  let place = 0;
  let sentence = 0;
  let between = "";
  for (const piece of pieces(text, language)) {
    const length = Array.from(piece).length;
    if (SPOKEN.test(piece)) {
      if (words.length > 0 && SENTENCE_END.test(between)) sentence += 1;
      words.push({ start: place, end: place + length, sentence });
      between = "";
    } else {
      between += piece;
    }
    place += length;
  }
  return words;
}

/**
 * @param {string} text
 * @param {string} language
 * @returns {string[]} that together are the text
 */
function pieces(text, language) {
  if (!Intl.Segmenter) return text.match(/[\p{L}\p{N}\p{M}'’-]+|[^\p{L}\p{N}\p{M}'’-]+?/gu) ?? [];
  const segmenter = new Intl.Segmenter(language, { granularity: "word" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

/**
 * Where a key leads: arrows go by words and sentences, Home and End to the first and the last word;
 * with Shift the place where it began is kept.
 * @param {Word[]} words
 * @param {Caret} caret
 * @param {string} key
 * @param {boolean} shift
 * @returns {Caret | null} null: the key is for somebody else
 */
export function moved(words, { anchor, head }, key, shift) {
  const to = target(words, head, key);
  if (to === null) return null;
  const at = Math.max(0, Math.min(words.length - 1, to));
  return { anchor: shift ? anchor : at, head: at };
}

/**
 * @param {Word[]} words
 * @param {number} head
 * @param {string} key
 * @returns {number | null}
 */
function target(words, head, key) {
  const here = words[head].sentence;
  const first = (/** @type {number} */ sentence) => words.findIndex((word) => word.sentence === sentence);
  switch (key) {
    case "ArrowRight":
      return head + 1;
    case "ArrowLeft":
      return head - 1;
    case "ArrowDown":
      return here === words[words.length - 1].sentence ? words.length - 1 : first(here + 1);
    case "ArrowUp":
      return head > first(here) ? first(here) : first(Math.max(0, here - 1));
    case "Home":
      return 0;
    case "End":
      return words.length - 1;
    default:
      return null;
  }
}

/**
 * What the caret covers.
 * @param {Word[]} words
 * @param {Caret} caret
 * @returns {{start: number, end: number}}
 */
export function covered(words, { anchor, head }) {
  return { start: words[Math.min(anchor, head)].start, end: words[Math.max(anchor, head)].end };
}
