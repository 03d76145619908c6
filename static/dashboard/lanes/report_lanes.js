/** The picture of a sitting that is over, or under way, out of its export: to be replayed. */

import { Board } from "./board.js";
import { Picture } from "./model.js";
import { stateAt } from "./segments.js";

/**
 * @param {any} exported what `GET …/export` gives
 * @returns {HTMLElement}
 */
export function reportLanes({ events, students, test, exported_at: at, heartbeat_seconds: heartbeatSeconds }) {
  const picture = new Picture({ heartbeatSeconds });
  picture.add(events);
  const now = Date.parse(at);
  const board = new Board({ open: null, give: null });
  board.update({
    picture,
    people: students.map((/** @type {any} */ { id, name }) => ({ id, name, status: stateAt(picture, id, now).status })),
    everyone: students.map((/** @type {any} */ { id }) => id),
    counts: null,
    now,
    lastSign: () => null,
    names: { numbers: new Map((test?.questions ?? []).map((/** @type {any} */ { id }, /** @type {number} */ at) => [id, at + 1])) },
    mayGive: false,
    notice: "",
  });
  return board.element;
}
