import assert from "node:assert/strict";
import { test } from "node:test";

import { fromSnapshot } from "../../static/dashboard/state.js";
import { extendPreview, isExtendable } from "../../static/dashboard/steer/extend_preview.js";
import { queue } from "../../static/dashboard/steer/hands.js";
import { givenSeconds, latestIncident } from "../../static/dashboard/steer/lost_time.js";
import { outcomeOf } from "../../static/dashboard/steer/outcome.js";
import { keepQuickTexts, quickTexts, withText } from "../../static/dashboard/steer/quick_texts.js";
import { messagesOf, receiptsOf } from "../../static/dashboard/steer/receipts.js";
import { attemptWish, wishFor } from "../../static/dashboard/steer/wish.js";

const START = Date.parse("2026-11-22T10:00:00.000Z");
const at = (seconds) => new Date(START + seconds * 1000).toISOString();

const running = {
  id: "s",
  status: "IN_PROGRESS",
  started_at: at(0),
  duration_seconds: 1800,
  extended_seconds: 0,
  paused_seconds: 0,
  paused_at: null,
  ends_at: at(1800),
  extra_seconds: { bo: 600 },
};

function sitting(session, attempts = { ada: "IN_PROGRESS", bo: "IN_PROGRESS", chi: "SUBMITTED" }, messages = []) {
  return fromSnapshot({
    session_id: "s",
    version: 1,
    epoch: "e",
    session,
    students: ["ada", "bo", "chi", "dan"].map((id) => ({ id, name: id.toUpperCase() })),
    participants: [],
    attempts: Object.entries(attempts).map(([id, status]) => ({ id: `a-${id}`, student_id: id, status })),
    messages,
  });
}

const minutes = (count) => count * 60_000;

test("more time for all moves the end for all but who has handed in", () => {
  const preview = extendPreview(sitting(running), null, 10, START);
  assert.equal(preview.mode, "running");
  assert.deepEqual(preview.whole, { before: START + minutes(30), after: START + minutes(40) });
  const [ada, bo, chi] = preview.people;
  assert.equal(ada.after, START + minutes(40));
  assert.deepEqual([bo.before, bo.after], [START + minutes(40), START + minutes(50)], "own extra time stays on top");
  assert.deepEqual([chi.hinders, chi.after], ["closed", chi.before]);
  assert.equal(preview.possible, true);
});

test("less time for all is impossible while it would throw one of those at work out, and says whom", () => {
  const now = START + minutes(25);
  const preview = extendPreview(sitting(running), null, -5, now);
  assert.deepEqual(preview.near.map(({ id }) => id), ["ada"], "Bo has ten minutes more, Dan has not come");
  assert.equal(preview.possible, false);
  const untouched = sitting(running, { bo: "IN_PROGRESS" });
  assert.equal(extendPreview(untouched, null, -5, now).possible, true, "only those at work are looked at");
  assert.equal(extendPreview(sitting(running, {}), null, -5, now).possible, false, "nobody at work: the sitting is");
});

test("for some each stands alone: who would have less than a minute is left out", () => {
  const preview = extendPreview(sitting(running), ["ada", "bo"], -5, START + minutes(25));
  assert.deepEqual(preview.people.map(({ id, hinders }) => [id, hinders]), [["ada", "near"], ["bo", null]]);
  assert.equal(preview.whole, null);
  assert.equal(preview.possible, true);
  assert.equal(extendPreview(sitting(running), ["chi"], 5, START).possible, false);
  assert.equal(extendPreview(sitting(running), ["ada"], 0, START).possible, false);
});

test("exactly a minute is enough", () => {
  const preview = (left) => extendPreview(sitting(running), ["ada"], -5, START + minutes(25) - left);
  assert.equal(preview(60_000).near.length, 0);
  assert.equal(preview(59_999).near.length, 1);
});

test("before the start it is about how long one has, in a pause about what is left", () => {
  const planned = { ...running, status: "SCHEDULED", started_at: null, ends_at: null };
  const before = extendPreview(sitting(planned, {}), ["bo"], 5, START);
  assert.deepEqual([before.mode, before.people[0].before, before.people[0].after], ["planned", minutes(40), minutes(45)]);
  assert.equal(extendPreview(sitting(planned, {}), ["ada"], -30, START).possible, false);
  const paused = { ...running, ends_at: null, paused_at: at(600) };
  const standing = extendPreview(sitting(paused), ["ada"], 5, START + minutes(60));
  assert.deepEqual([standing.mode, standing.people[0].before, standing.people[0].after], ["paused", minutes(20), minutes(25)]);
});

test("only a sitting with a time limit that is not over has time to change", () => {
  assert.equal(isExtendable(running), true);
  assert.equal(isExtendable({ ...running, duration_seconds: null }), false);
  assert.equal(isExtendable({ ...running, status: "COMPLETED" }), false);
});

test("lost time is rounded up once over all that was ever given back", () => {
  const lost = [{ from: at(10), to: at(20.4) }];
  assert.equal(givenSeconds({ given_back_seconds: 0, lost }, null), 11);
  assert.equal(givenSeconds({ given_back_seconds: 0.5, lost }, null), 10, "0.5 s were rounded up to 1 before");
  assert.equal(givenSeconds({ given_back_seconds: 0, lost }, { from: START + 15_000, to: START + 18_000 }), 3);
  assert.equal(givenSeconds({ given_back_seconds: 0, lost }, { from: START + 30_000, to: START + 40_000 }), 0);
});

test("the latest incident is when the last ones were cut off together", () => {
  const of = (...lost) => ({ student_id: "x", given_back_seconds: 0, lost: lost.map(([from, to]) => ({ from: at(from), to: at(to) })) });
  const items = [of([10, 20], [100.5, 130]), of([105, 120.2]), of([145, 150])];
  assert.deepEqual(latestIncident(items), { from: START + 100_000, to: START + 150_000 });
  assert.deepEqual(latestIncident([of([10, 20]), of([100, 110])]), { from: START + 100_000, to: START + 110_000 });
  assert.equal(latestIncident([of()]), null);
});

test("a result tells apart who was changed, who was so already, and who was refused", () => {
  const refused = [{ student_id: "dan", code: "not_started", message: "This student has not begun." }];
  const outcome = outcomeOf("force_submit", ["ada", "chi", "dan"], {}, { done: ["ada", "chi"], unchanged: ["chi"], refused });
  assert.deepEqual([outcome.changed, outcome.unchanged], [["ada"], ["chi"]]);
  assert.deepEqual(outcome.refused, [{ id: "dan", code: "not_started", message: "This student has not begun." }]);
  assert.deepEqual(outcome.undo, { name: "reopen", studentIds: ["ada"], fields: {} }, "Chi handed in by herself");
});

test("more time is taken back from whom it was given, and from all only as a whole", () => {
  const answer = { done: ["ada"], refused: [{ student_id: "chi", code: "attempt_closed", message: "" }] };
  const some = outcomeOf("extend", ["ada", "chi"], { minutes: 5, reason: "drill" }, answer);
  assert.deepEqual(some.undo, { name: "extend", studentIds: ["ada"], fields: { minutes: -5 } });
  assert.equal(outcomeOf("extend", null, { minutes: 5 }, answer).undo.studentIds, null);
  assert.equal(outcomeOf("extend", ["chi"], { minutes: 5 }, { done: [], refused: answer.refused }).undo, null);
  assert.equal(outcomeOf("lower_hands", null, {}, { done: ["ada"], refused: [] }).undo, null);
});

test("a wish names some students, or none for all, and leaves out what was not filled in", () => {
  assert.deepEqual(wishFor("s", "extend", ["ada"], { minutes: 5, reason: "" }), {
    method: "POST",
    path: "/api/sessions/s/extend",
    body: { minutes: 5, student_ids: ["ada"] },
  });
  assert.deepEqual(wishFor("s", "give_back", null, { from: at(0), to: at(9) }).body, { from: at(0), to: at(9) });
  assert.deepEqual(wishFor("s", "pause", null, { reason: "fire drill" }).body, { reason: "fire drill" });
  assert.deepEqual(attemptWish("a", "note", { note: null }), { method: "PATCH", path: "/api/attempts/a", body: { note: null } });
  assert.equal(attemptWish("a", "accept_late", {}).path, "/api/attempts/a/accept-late");
});

test("a message's receipts put those first who lack it", () => {
  const message = { id: "m", text: "Hello", student_ids: null, sent_at: at(1), delivered: { ada: at(2), chi: at(3) }, read: { ada: at(5) } };
  const state = sitting(running, {}, [message, { ...message, id: "n", sent_at: at(9), student_ids: ["ada"] }]);
  const { to, delivered, read } = receiptsOf(state, message);
  assert.deepEqual(to.map(({ id }) => id), ["bo", "dan", "chi", "ada"]);
  assert.deepEqual([to.length, delivered, read], [4, 2, 1]);
  const own = receiptsOf(state, state.messages.get("n"));
  assert.deepEqual([own.to.length, own.delivered], [1, 1], "of those it was for");
  assert.deepEqual(messagesOf(state).map(({ id }) => id), ["n", "m"]);
});

test("hands wait in the order in which they were raised", () => {
  const rows = [
    { id: "ada", name: "Ada", handRaisedAt: at(20), handText: null },
    { id: "bo", name: "Bo", handRaisedAt: null, handText: null },
    { id: "chi", name: "Chi", handRaisedAt: at(10), handText: "Why?" },
  ];
  assert.deepEqual(queue(rows, START + 30_000), [
    { id: "chi", name: "Chi", text: "Why?", waitedMs: 20_000 },
    { id: "ada", name: "Ada", text: "", waitedMs: 10_000 },
  ]);
});

test("quick texts are kept on the device, the latest first, each once", () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  assert.deepEqual(quickTexts(["Ten minutes left."], storage), ["Ten minutes left."]);
  keepQuickTexts(withText(["a", "b"], "b"), storage);
  assert.deepEqual(quickTexts([], storage), ["b", "a"]);
  kept.set("monitor.quick_texts", "{broken");
  assert.deepEqual(quickTexts(["first"], storage), ["first"]);
  assert.equal(withText(["1", "2", "3", "4", "5", "6", "7", "8"], "9").length, 8);
});
