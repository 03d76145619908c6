import assert from "node:assert/strict";
import { test } from "node:test";

import { facts, remarks } from "../../static/setup/report_facts.js";

const attempt = (more) => ({ status: "SUBMITTED", submitted_by: "student", answered: 2, extra_seconds: 0, lost_seconds: 0, reconnects: 0, hidden_count: 0, late_answers: 0, ...more });

test("the facts count who came, who handed in and how", () => {
  const students = [
    { participant: {}, attempt: attempt() },
    { participant: {}, attempt: attempt({ submitted_by: "deadline", answered: 1, late_answers: 1 }) },
    { participant: {}, attempt: attempt({ status: "IN_PROGRESS", submitted_by: null, answered: 0 }) },
    { participant: null, attempt: null },
  ];
  assert.deepEqual(facts({ students, test: { questions: [1, 2, 3] } }), {
    enrolled: 4,
    came: 3,
    submitted: 2,
    byDeadline: 1,
    late: 1,
    average: 1,
    total: 3,
  });
  assert.equal(facts({ students: [], test: null }).average, null);
});

test("only what happened is remarked", () => {
  assert.deepEqual(remarks(attempt()), []);
  assert.deepEqual(remarks(attempt({ extra_seconds: -120, lost_seconds: 41.4, reconnects: 2 })), [
    ["extra", -2],
    ["lost", 41],
    ["reconnects", 2],
  ]);
});
