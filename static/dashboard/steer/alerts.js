/**
 * What a teacher who looks elsewhere should be told: who is gone for longer than some seconds, who
 * put up a hand, who looks away. Pure.
 *
 * Everything that holds has a key of its own, made of the moment it began, so each happening is told
 * once: not again after a lost link was caught up with, nor after a snapshot. What holds at the first
 * look is old and never told, also if it gets older than the limit later.
 *
 * @typedef {"disconnected" | "hand" | "away"} Kind
 * @typedef {{key: string, kind: Kind, id: string, name: string, text: string, at: number}} Alert
 *   `id`: of the student; `at`: server time at which it was told
 * @typedef {Alert & {over: boolean, dismissed: boolean}} Entry `over`: it does not hold any more
 * @typedef {{known: ReadonlySet<string>, log: Entry[]}} Memory `log`: the newest first
 */

/** @type {Kind[]} */
export const KINDS = ["disconnected", "hand", "away"];

const LOG_KEPT = 50;
const OVER = new Set(["COMPLETED", "CANCELLED"]);

/**
 * What holds now.
 * @param {import("../state.js").State} state
 * @param {import("../row.js").Row[]} rows
 * @param {number} now server time
 * @returns {{key: string, kind: Kind, row: import("../row.js").Row, forMs: number}[]}
 */
function holding(state, rows, now) {
  if (OVER.has(state.session.status)) return [];
  const found = [];
  for (const row of rows) {
    if (row.status === "disconnected") {
      const { disconnected_at: gone, last_activity: seen } = state.participants.get(row.id);
      found.push({ key: `d ${row.id} ${gone ?? seen}`, kind: KINDS[0], row, forMs: now - Date.parse(gone ?? seen) });
    }
    if (row.handRaisedAt) found.push({ key: `h ${row.id} ${row.handRaisedAt}`, kind: KINDS[1], row, forMs: 0 });
    if (row.away) found.push({ key: `a ${row.id} ${row.awayCount}`, kind: KINDS[2], row, forMs: 0 });
  }
  return found;
}

/**
 * @param {Memory | null} memory null: the first look
 * @param {{state: import("../state.js").State, rows: import("../row.js").Row[], now: number}} look a live one
 * @param {number} seconds a disconnect is told when it lasts so long
 * @returns {{memory: Memory, fresh: Alert[]}} `fresh`: what is to be told now
 */
export function watch(memory, { state, rows, now }, seconds) {
  const found = holding(state, rows, now);
  const keys = new Set(found.map(({ key }) => key));
  if (memory === null) return { memory: { known: keys, log: [] }, fresh: [] };
  const fresh = found
    .filter(({ key, kind, forMs }) => !memory.known.has(key) && (kind !== "disconnected" || forMs >= seconds * 1000))
    .map(({ key, kind, row }) => ({ key, kind, id: row.id, name: row.name, text: (kind === "hand" && row.handText) || "", at: now }));
  const entries = fresh.map((alert) => ({ ...alert, over: false, dismissed: false }));
  const changed = fresh.length > 0 || memory.log.some(({ key, over }) => over === keys.has(key));
  const log = changed ? [...entries.reverse(), ...memory.log.map((entry) => ({ ...entry, over: !keys.has(entry.key) }))].slice(0, LOG_KEPT) : memory.log;
  // What is over may hold again, e.g. a hand of work that was reopened: it was told already.
  const told = [...memory.known, ...fresh.map(({ key }) => key)];
  const logged = new Set(log.map(({ key }) => key));
  return { memory: { known: new Set(told.filter((key) => keys.has(key) || logged.has(key))), log }, fresh };
}

/**
 * @param {Memory} memory
 * @param {(entry: Entry) => boolean} which
 * @returns {Memory} in which these need no attention any more
 */
export function dismiss(memory, which) {
  return { ...memory, log: memory.log.map((entry) => (!entry.dismissed && which(entry) ? { ...entry, dismissed: true } : entry)) };
}

/**
 * What still wants attention.
 * @param {Memory | null} memory
 * @param {ReadonlySet<string>} kinds those that are switched on
 * @returns {number}
 */
export function waiting(memory, kinds) {
  return memory?.log.filter(({ over, dismissed, kind }) => !over && !dismissed && kinds.has(kind)).length ?? 0;
}

/**
 * @param {Alert[]} alerts
 * @returns {Map<Kind, Alert[]>} those of one kind together: a whole class that is cut off is one matter
 */
export function byKind(alerts) {
  /** @type {Map<Kind, Alert[]>} */
  const groups = new Map();
  for (const alert of alerts) groups.set(alert.kind, [...(groups.get(alert.kind) ?? []), alert]);
  return groups;
}
