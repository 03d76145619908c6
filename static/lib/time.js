/**
 * Times as people read them. All functions are pure; milliseconds unless the name says otherwise.
 */

/**
 * A running clock: `23:11`, from one hour on `1:02:03`. Below zero it stands at `0:00`.
 * @param {number} ms
 */
export function clock(ms) {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = String(seconds % 60).padStart(2, "0");
  if (hours > 0) return `${hours}:${String(minutes).padStart(2, "0")}:${tail}`;
  return `${minutes}:${tail}`;
}

/**
 * How long ago: `0:41`, `12:05`, `1:02:03`.
 * @param {number} ms
 */
export function age(ms) {
  return clock(Math.floor(Math.max(0, ms) / 1000) * 1000);
}

/**
 * Time of day in the reader's zone, 24 hours: `14:02:11`, without seconds `14:02`.
 * @param {string | number | null} at RFC 3339 or milliseconds
 * @param {{seconds?: boolean}} [options]
 */
export function timeOfDay(at, { seconds = true } = {}) {
  if (at === null) return "–";
  const date = new Date(at);
  const parts = [date.getHours(), date.getMinutes(), ...(seconds ? [date.getSeconds()] : [])];
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * Day and time: `Mon 23 Nov, 10:45`; today only the time.
 * @param {string | null} at
 * @param {number} now
 * @param {string} [language]
 */
export function dayAndTime(at, now, language = "en-GB") {
  if (at === null) return "–";
  const date = new Date(at);
  const time = timeOfDay(at, { seconds: false });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  const day = date.toLocaleDateString(language, { weekday: "short", day: "numeric", month: "short" });
  return `${day}, ${time}`;
}

const MARKS = [10, 5, 1, 0].map((minutes) => minutes * 60_000);

/**
 * The minutes left, when a countdown has just passed 10, 5 or 1 minutes or its end (0); else null.
 * @param {number | null} before what was left
 * @param {number} left what is left
 * @returns {number | null}
 */
export function announced(before, left) {
  const passed = MARKS.some((mark) => before !== null && before > mark && left <= mark);
  return passed ? Math.ceil(Math.max(0, left) / 60_000) : null;
}
