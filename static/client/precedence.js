/**
 * Which of two answers to a question stands is decided by the server: within a connection by their
 * order, between connections by their time. A clock that was set in between can make the later one
 * look like the earlier. Whoever gave an answer in knowledge of another meant to replace it: such an
 * answer is told with a time after the other's. One that was given without knowing what is stored
 * keeps its own time and may lose. Pure.
 *
 * @typedef {import("./outbox.js").Operation} Operation
 * @typedef {import("./outbox.js").Entry} Entry
 */

/** @type {Record<string, string>} the field that holds an operation's time */
const TIMES = { answer: "answered_at", submit: "given_at" };

/**
 * Give an entry the time under which the server is to know it.
 * @param {Entry} entry it is changed
 * @param {{now: number, offsetMs: number, own: number}} clock server time; server's minus device's
 *   clock; server time when an earlier answer of this page to the question was settled (0: none was)
 */
export function tellTime(entry, { now, offsetMs, own }) {
  const { op, device } = entry;
  const field = TIMES[op.type];
  const given = Date.parse(/** @type {string} */ (op[field]));
  entry.device = false;
  if (!field) return;
  // No time lies after now, whatever the device's clock showed when it was given.
  const at = Math.min(given + (device ? offsetMs : 0), now);
  entry.after = Math.min(entry.after, now);
  const told = op.type === "answer" ? Math.max(at, Math.max(entry.after, own) + 1) : at;
  if (told !== given) entry.op = { ...op, [field]: new Date(told).toISOString() };
}
