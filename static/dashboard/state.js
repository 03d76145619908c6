/**
 * A sitting as a dashboard knows it: a pure reducer over the wire's `snapshot` and `change`. Applied
 * in order they give, at every version, what a fresh snapshot gives at that version. Values that did
 * not change keep their identity, so a view can tell by `===` what to touch.
 *
 * @typedef {object} State
 * @property {string} sessionId
 * @property {number} version
 * @property {string} epoch
 * @property {any} session
 * @property {Map<string, any>} students id → {id, name}, the whole roster in its order
 * @property {Map<string, any>} participants by student
 * @property {Map<string, any>} attempts by student
 * @property {Map<string, any>} messages by id
 * @property {any[]} events the latest that changes brought, the oldest first
 * @property {number} eventsSince a version: every event of a later one is among `events`; what came up
 *   to it is to be asked for (`GET /api/sessions/{id}/events`)
 */

/** So many events are kept: more than a class makes in an hour. */
export const EVENTS_KEPT = 2_000;

/**
 * @param {any} message `snapshot`
 * @returns {State}
 */
export function fromSnapshot(message) {
  return {
    sessionId: message.session_id,
    version: message.version,
    epoch: message.epoch,
    session: message.session,
    students: by(message.students, "id"),
    participants: by(message.participants, "student_id"),
    attempts: by(message.attempts, "student_id"),
    messages: by(message.messages, "id"),
    events: [],
    eventsSince: message.version,
  };
}

/**
 * @param {State} state
 * @param {any} message `change`
 * @returns {State | null} null if the change does not continue this state: watch again
 */
export function applyChange(state, message) {
  if (message.from_version !== state.version) return null;
  return {
    ...state,
    version: message.version,
    session: message.session ?? state.session,
    students: message.students ? keep(state.students, by(message.students, "id")) : state.students,
    participants: merge(state.participants, message.participants, "student_id"),
    attempts: merge(state.attempts, message.attempts, "student_id"),
    messages: merge(state.messages, message.messages, "id"),
    ...history(state, message),
  };
}

/**
 * A change that had too many events to carry brings the newest: between what was known and these
 * some are missing, and its first version may be in part.
 * @param {State} state
 * @param {{events?: any[], events_truncated?: boolean, version: number}} message
 * @returns {Pick<State, "events" | "eventsSince">}
 */
function history({ events, eventsSince }, { events: newer = [], events_truncated: truncated, version }) {
  if (truncated) return { events: newer, eventsSince: newer[0]?.version ?? version };
  if (newer.length === 0) return { events, eventsSince };
  const all = [...events, ...newer];
  if (all.length <= EVENTS_KEPT) return { events: all, eventsSince };
  const kept = all.slice(-EVENTS_KEPT);
  return { events: kept, eventsSince: all[all.length - EVENTS_KEPT - 1].version };
}

/**
 * @param {any[]} items
 * @param {string} key
 */
function by(items, key) {
  return new Map(items.map((item) => [item[key], item]));
}

/**
 * @param {Map<string, any>} map
 * @param {any[] | undefined} items whole new values
 * @param {string} key
 */
function merge(map, items, key) {
  if (!items || items.length === 0) return map;
  const next = new Map(map);
  for (const item of items) next.set(item[key], item);
  return next;
}

/**
 * A new roster in which unchanged students are the old values.
 * @param {Map<string, any>} old
 * @param {Map<string, any>} next
 */
function keep(old, next) {
  for (const [id, student] of next) {
    const former = old.get(id);
    if (former && JSON.stringify(former) === JSON.stringify(student)) next.set(id, former);
  }
  return next;
}
