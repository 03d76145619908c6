/** How many students of a sitting are in which state: pure. */

import { everyone, rowOf } from "../dashboard/row.js";
import { counts } from "../dashboard/sorting.js";

/** In the order in which they are shown; what nobody is in is left out, except who is there. */
const SHOWN = ["hand", "disconnected", "unstable", "waiting", "online", "submitted", "absent"];

/**
 * @param {import("../dashboard/state.js").State} state
 * @param {number} now server time
 * @param {number} heartbeatSeconds
 * @returns {{enrolled: number, here: number, shown: [string, number][]}} `here`: who has come
 */
export function sittingCounts(state, now, heartbeatSeconds) {
  const rows = everyone(state).map((id) => rowOf(state, id, now, heartbeatSeconds));
  const all = counts(rows);
  return {
    enrolled: all.enrolled,
    here: all.enrolled - all.absent,
    shown: SHOWN.filter((name) => all[name] > 0).map((name) => [name, all[name]]),
  };
}
