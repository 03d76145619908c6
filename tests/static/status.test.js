import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { SHAPES } from "../../static/lib/shapes.js";
import { STATUSES, shownStatus } from "../../static/dashboard/status.js";

// The table that the server's own function is tested with: page, counters and export agree.
const TABLE = new URL("../domain/shown_status.json", import.meta.url);
const cases = JSON.parse(readFileSync(TABLE, "utf8"));
const now = Date.parse("2026-11-22T10:00:00.000Z");
const HEARTBEAT_SECONDS = 5;

for (const { says, session, attempt, connection, silent_seconds: silent, shown } of cases) {
  test(`a student ${says} is shown as ${shown}`, () => {
    const participant = connection && {
      connection_status: connection,
      last_activity: new Date(now - silent * 1000).toISOString(),
    };
    const status = shownStatus(participant, attempt && { status: attempt }, { status: session }, now, HEARTBEAT_SECONDS);
    assert.equal(status, shown);
  });
}

test("every status has cases, and a shape of its own", () => {
  assert.deepEqual(new Set(cases.map(({ shown }) => shown)), new Set(STATUSES));
  const drawn = new Set(STATUSES.map((status) => JSON.stringify(SHAPES[status])));
  assert.equal(drawn.size, STATUSES.length);
});
