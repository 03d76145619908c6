/**
 * How much time is left, from a session as its teacher sees it. Milliseconds; null: no end is known.
 */

/**
 * The end of the sitting without anyone's extra time; while paused, as if it went on now.
 * @param {any} session
 * @param {number} now server time
 * @returns {number | null} milliseconds since 1970
 */
export function endsAt(session, now) {
  if (session.ends_at) return Date.parse(session.ends_at);
  if (!session.paused_at || !session.started_at || session.duration_seconds === null) return null;
  const { started_at, duration_seconds, extended_seconds, paused_seconds, paused_at } = session;
  const seconds = duration_seconds + extended_seconds + paused_seconds;
  return Date.parse(started_at) + seconds * 1000 + (now - Date.parse(paused_at));
}

/**
 * @param {any} session
 * @param {string | null} studentId null: of the sitting
 * @param {number} now server time
 * @returns {number | null}
 */
export function timeLeft(session, studentId, now) {
  if (session.status !== "IN_PROGRESS") return null;
  const ends = endsAt(session, now);
  if (ends === null) return null;
  const extra = studentId === null ? 0 : (session.extra_seconds[studentId] ?? 0);
  return ends + extra * 1000 - now;
}
