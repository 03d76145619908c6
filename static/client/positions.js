/**
 * Places in a passage's text. On the wire they count code points (as Python does); the browser
 * counts UTF-16 units, two for an emoji. Positions are of the text, never of the DOM.
 *
 * @typedef {{id: string, timestamp: string, text: string, passage_id: string,
 *   position_start: number, position_end: number, color_code: string, comment: string | null}} Highlight
 * @typedef {{start: number, end: number, text: string, highlights: Highlight[]}} Segment
 */

/**
 * @param {string} text
 * @param {number} units an offset in UTF-16 units
 * @returns {number} the same place in code points
 */
export function toCodePoints(text, units) {
  let points = 0;
  for (let i = 0; i < Math.min(units, text.length); points += 1) {
    i += /** @type {number} */ (text.codePointAt(i)) > 0xffff ? 2 : 1;
  }
  return points;
}

/**
 * @param {string} text
 * @param {number} points an offset in code points
 * @returns {number} the same place in UTF-16 units
 */
export function toUnits(text, points) {
  let units = 0;
  for (let i = 0; i < points && units < text.length; i += 1) {
    units += /** @type {number} */ (text.codePointAt(units)) > 0xffff ? 2 : 1;
  }
  return units;
}

/**
 * The text from one code point to another.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 */
export function slice(text, start, end) {
  return text.slice(toUnits(text, start), toUnits(text, end));
}

/**
 * A selection without the white space at its ends, or null if nothing is left.
 * @param {string} text
 * @param {number} start
 * @param {number} end
 * @returns {{start: number, end: number} | null}
 */
export function trimmed(text, start, end) {
  const points = Array.from(text);
  let from = Math.max(0, Math.min(start, end));
  let to = Math.min(points.length, Math.max(start, end));
  while (from < to && /\s/u.test(points[from])) from += 1;
  while (to > from && /\s/u.test(points[to - 1])) to -= 1;
  return from < to ? { start: from, end: to } : null;
}

/**
 * The text cut where highlights begin and end; together the segments are the text.
 * `highlights` of a segment: those that cover it, the latest last.
 * @param {string} text
 * @param {Highlight[]} highlights of this passage
 * @returns {Segment[]}
 */
export function segments(text, highlights) {
  const points = Array.from(text);
  const valid = highlights
    .map((item) => ({
      item,
      start: Math.max(0, item.position_start),
      end: Math.min(points.length, item.position_end),
    }))
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.item.timestamp.localeCompare(b.item.timestamp));
  const cuts = new Set([0, points.length]);
  for (const { start, end } of valid) cuts.add(start).add(end);
  const places = [...cuts].sort((a, b) => a - b);
  return places.slice(0, -1).map((start, i) => {
    const end = places[i + 1];
    return {
      start,
      end,
      text: points.slice(start, end).join(""),
      highlights: valid.filter((h) => h.start <= start && h.end >= end).map((h) => h.item),
    };
  });
}
