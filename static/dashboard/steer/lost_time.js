/**
 * Lost time that may be given back: who would get how much, and between which times the latest
 * incident was. Pure; milliseconds since 1970 unless the name says seconds.
 *
 * @typedef {{student_id: string, given_back_seconds: number, lost: {from: string, to: string}[]}} LostTime
 *   an item of `GET /api/sessions/{id}/lost-time`
 * @typedef {{from: number, to: number}} Window
 */

/** Spans nearer to each other than this belong to one incident: not all are back at once. */
const SAME_INCIDENT_MS = 30_000;

/**
 * The extra time a student would get.
 * @param {LostTime} item
 * @param {Window | null} window null: all that was lost
 * @returns {number} whole seconds, rounded as the server does: once, over all ever given back
 */
export function givenSeconds({ given_back_seconds: given, lost }, window) {
  let ms = 0;
  for (const span of lost) {
    const from = Math.max(Date.parse(span.from), window?.from ?? -Infinity);
    const to = Math.min(Date.parse(span.to), window?.to ?? Infinity);
    ms += Math.max(0, to - from);
  }
  const total = Math.round(given * 1000) + ms;
  return Math.ceil(total / 1000) - Math.ceil(given);
}

/**
 * From when to when the last ones were cut off who were cut off together, in whole seconds around it.
 * @param {LostTime[]} items
 * @returns {Window | null} null: nobody has lost anything
 */
export function latestIncident(items) {
  const spans = items
    .flatMap(({ lost }) => lost)
    .map(({ from, to }) => ({ from: Date.parse(from), to: Date.parse(to) }))
    .sort((a, b) => a.from - b.from);
  /** @type {Window | null} */
  let incident = null;
  for (const span of spans) {
    if (incident && span.from <= incident.to + SAME_INCIDENT_MS) incident.to = Math.max(incident.to, span.to);
    else incident = { ...span };
  }
  if (incident === null) return null;
  return { from: Math.floor(incident.from / 1000) * 1000, to: Math.ceil(incident.to / 1000) * 1000 };
}
