import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { SHAPES, STATUSES, shownStatus } from "../../static/dashboard/status.js";

const table = JSON.parse(readFileSync(new URL("./shown_status.json", import.meta.url), "utf8"));
const now = Date.parse("2026-11-22T10:00:00.000Z");

for (const { name, session, attempt, connection, seen, shown } of table.cases) {
  test(`a student ${name} is shown as ${shown}`, () => {
    const participant = connection && {
      connection_status: connection,
      last_activity: new Date(now - seen * 1000).toISOString(),
    };
    const status = shownStatus(participant, attempt && { status: attempt }, { status: session }, now, table.heartbeat_seconds);
    assert.equal(status, shown);
  });
}

test("every status has cases, and a shape of its own", () => {
  assert.deepEqual(new Set(table.cases.map(({ shown }) => shown)), new Set(STATUSES));
  assert.equal(new Set(Object.values(SHAPES)).size, STATUSES.length);
});
