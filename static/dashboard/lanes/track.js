/**
 * A value over time: steps, each from its moment on. They are put in the order in which they were
 * committed. One that names an earlier moment than the last (two machines' clocks, something that
 * was long on its way) counts from the last one's moment, so the end is always the last one put.
 *
 * @template V
 */
export class Track {
  /** @param {V} first before any step */
  constructor(first) {
    this.first = first;
    /** @type {number[]} never falling */
    this.at = [];
    /** @type {V[]} */
    this.values = [];
  }

  /** The value after all steps. */
  get last() {
    return this.values.length > 0 ? this.values[this.values.length - 1] : this.first;
  }

  /**
   * @param {number} at
   * @param {V} value
   * @returns {number} the moment from which it counts
   */
  put(at, value) {
    const from = Math.max(at, this.at.at(-1) ?? -Infinity);
    this.at.push(from);
    this.values.push(value);
    return from;
  }

  /**
   * @param {number} t
   * @returns {V} of the last step not after `t`
   */
  value(t) {
    const index = countUpTo(this.at, t);
    return index === 0 ? this.first : this.values[index - 1];
  }
}

/**
 * How many of these, which never fall, are not after `t`.
 * @param {number[]} sorted
 * @param {number} t
 */
export function countUpTo(sorted, t) {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Put an item where its moment belongs; most come at the end.
 * @template {{at: number}} T
 * @param {T[]} items by `at`
 * @param {T} item
 */
export function insert(items, item) {
  let index = items.length;
  while (index > 0 && items[index - 1].at > item.at) index -= 1;
  items.splice(index, 0, item);
}
