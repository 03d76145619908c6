/** What people type into the forms of a sitting, and what it means: pure. */

const LONGEST_MINUTES = 1440;
const QUARTER_MS = 15 * 60_000;

/**
 * @param {string} text
 * @returns {number | null | undefined} null: no limit; undefined: not a number of minutes
 */
export function secondsOf(text) {
  if (text.trim() === "") return null;
  const minutes = Number(text);
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= LONGEST_MINUTES ? minutes * 60 : undefined;
}

/**
 * Extra time as it is typed: minutes, or a part of the sitting's time, e.g. `25 %`, rounded up to
 * whole minutes.
 * @param {string} text
 * @param {number} durationSeconds of the sitting
 * @returns {number | undefined} whole minutes; undefined: it is neither
 */
export function extraMinutes(text, durationSeconds) {
  const found = /^\s*(-?\d+(?:[.,]\d+)?)\s*(%?)\s*$/.exec(text.trim() === "" ? "0" : text);
  if (!found) return undefined;
  const number = Number(found[1].replace(",", "."));
  if (found[2]) return Math.ceil((number / 100) * (durationSeconds / 60));
  return Number.isInteger(number) ? number : undefined;
}

/**
 * Which students get how many more (or fewer) minutes, so that each has what is wanted.
 * @param {{id: string, has: number, wanted: number}[]} students minutes
 * @returns {Map<number, string[]>} minutes → students
 */
export function byDifference(students) {
  /** @type {Map<number, string[]>} */
  const groups = new Map();
  for (const { id, has, wanted } of students) {
    if (wanted !== has) groups.set(wanted - has, [...(groups.get(wanted - has) ?? []), id]);
  }
  return groups;
}

/** A moment as a `datetime-local` field wants it, in the device's zone. @param {string | null} at */
export function forField(at) {
  if (at === null) return "";
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** @param {string} value of a `datetime-local` field */
export function fromField(value) {
  return value ? new Date(value).toISOString() : null;
}

/** The next quarter of an hour, as a `datetime-local` field wants it. @param {number} now */
export function soon(now) {
  return forField(new Date(Math.ceil(now / QUARTER_MS) * QUARTER_MS).toISOString());
}
