/**
 * Highlights in a passage's text, so that they can be told apart without their colours: each has a
 * number, at its beginning in the text and in the list. Pure.
 *
 * @typedef {import("../../client/positions.js").Highlight} Highlight
 * @typedef {{number: number, highlight: Highlight}} Numbered
 * @typedef {{text: string, begins: number[], marks: Numbered[]}} Piece `marks` cover it, the latest last
 */

import { segments } from "../../client/positions.js";

/** Colours that there are words and styles for; another one is shown as the first. */
export const COLORS = ["yellow", "green", "blue", "pink"];

/**
 * @param {Highlight[]} highlights of one passage
 * @returns {Numbered[]} in the order of the text, from 1
 */
export function numbered(highlights) {
  const order = (/** @type {Highlight} */ a, /** @type {Highlight} */ b) =>
    a.position_start - b.position_start || a.position_end - b.position_end || a.timestamp.localeCompare(b.timestamp);
  return [...highlights].sort(order).map((highlight, at) => ({ number: at + 1, highlight }));
}

/**
 * @param {string} text of the passage
 * @param {Highlight[]} highlights of this passage
 * @returns {Piece[]} together they are the text
 */
export function pieces(text, highlights) {
  const all = new Map(numbered(highlights).map((one) => [one.highlight.id, one]));
  const begun = new Set();
  return segments(text, highlights).map((segment) => {
    const marks = segment.highlights.map(({ id }) => /** @type {Numbered} */ (all.get(id)));
    const begins = marks.map(({ number }) => number).filter((number) => !begun.has(number));
    for (const number of begins) begun.add(number);
    return { text: segment.text, begins: begins.sort((a, b) => a - b), marks };
  });
}

/** @param {Highlight} highlight */
export function colorOf({ color_code }) {
  return COLORS.includes(color_code) ? color_code : COLORS[0];
}
