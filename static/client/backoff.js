/**
 * How long to wait before the next try: full jitter between 0.5 s and a ceiling that doubles up to 20 s.
 * A school behind one address comes back spread out, not all at once.
 */

export const SHORTEST_MS = 500;
export const LONGEST_MS = 20_000;

/**
 * @param {number} failures tries in a row that failed (0: the first wait)
 * @param {() => number} [random] a number in [0, 1)
 * @returns {number} milliseconds, from 500 to 20,000
 */
export function backoffMs(failures, random = Math.random) {
  const ceiling = Math.min(LONGEST_MS, 2 * SHORTEST_MS * 2 ** Math.min(failures, 10));
  return Math.round(SHORTEST_MS + random() * (ceiling - SHORTEST_MS));
}
