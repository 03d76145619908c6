/** The form that makes or changes a sitting. What was typed stays when something is wrong. */

import { h, setText } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { t } from "../words/index.js";
import { forField, fromField, secondsOf, soon } from "./form_values.js";
import { pickPeople } from "./people_picker.js";
import { attempt } from "./staff_page.js";

const LONGEST_TITLE = 255;

/** What may be changed while; the same table as the server's domain/editing.py. @type {Record<string, string[]>} */
const EDITABLE = {
  SCHEDULED: ["title", "class_id", "test_id", "scheduled_at", "duration_seconds", "invigilator_ids", "observer_ids"],
  WAITING_FOR_STUDENTS: ["title", "scheduled_at", "duration_seconds", "invigilator_ids", "observer_ids"],
  IN_PROGRESS: ["title", "invigilator_ids", "observer_ids"],
  COMPLETED: ["title", "invigilator_ids", "observer_ids"],
  CANCELLED: ["title", "invigilator_ids", "observer_ids"],
};

/**
 * @param {import("../lib/api.js").Api} api
 * @param {{classes: any[], tests: any[], staff: any[]}} known
 * @param {any} [session] to be changed; without one the form makes a new one and goes to it
 * @returns {HTMLElement}
 */
export function sittingForm(api, known, session = null) {
  const classes = known.classes.filter(({ id, status }) => status !== "ARCHIVED" || id === session?.class_id);
  const { tests } = known;
  if (!session && (classes.length === 0 || tests.length === 0)) return firstSteps(classes, tests);

  const title = field(
    t("sittings.new.title"),
    h("input", { maxlength: LONGEST_TITLE, autocomplete: "off", value: session?.title ?? "" }),
    session ? "" : t("setup.sitting.title.hint"),
  );
  const ofClass = field(t("sittings.new.class"), choice(classes, "name", session?.class_id, t("setup.sitting.class.other")));
  const ofTest = field(t("sittings.new.test"), choice(tests, "title", session?.test_id, t("setup.sitting.test.other")));
  const planned = session ? forField(session.scheduled_at) : soon(Date.now());
  const when = field(t("sittings.new.when"), h("input", { type: "datetime-local", value: planned }));
  const length = session ? (session.duration_seconds === null ? "" : String(session.duration_seconds / 60)) : "45";
  const minutes = field(t("sittings.new.minutes"), h("input", { inputmode: "numeric", value: length }));
  const people = pickPeople(t("setup.sitting.invigilators"), known.staff, session?.invigilator_ids ?? []);
  const observers = pickPeople(t("setup.sitting.observers"), known.staff, session?.observer_ids ?? []);
  const notice = h("p", { class: "error", role: "alert" });
  const saved = h("p", { role: "status" });
  const button = h("button", { class: "main", type: "submit" }, t(session ? "setup.save" : "sittings.new.go"));
  /** @type {Record<string, {input?: any, fail: (message: string) => void}>} */
  const fields = { title, class_id: ofClass, test_id: ofTest, scheduled_at: when, duration_seconds: minutes, invigilator_ids: people, observer_ids: observers };
  const editable = EDITABLE[session?.status ?? "SCHEDULED"];
  for (const [name, { input }] of Object.entries(fields)) if (input && !editable.includes(name)) input.disabled = true;

  /** What the form says, or null where it does not make sense; the fields say why. */
  const filled = () => {
    // One that was made elsewhere may be of odd seconds; untouched, it stays so.
    const untouched = session && minutes.input.value === length;
    const seconds = untouched ? session.duration_seconds : secondsOf(minutes.input.value);
    const needed = session ? [title, ofClass, ofTest] : [ofClass, ofTest];
    const missing = needed.filter(({ input }) => !input.disabled && input.value.trim() === "");
    for (const { fail } of missing) fail(t("sittings.new.missing"));
    if (seconds === undefined) minutes.fail(t("sittings.new.minutes.wrong"));
    if (missing.length > 0 || seconds === undefined) {
      [...missing, ...(seconds === undefined ? [minutes] : [])][0].input.focus();
      return null;
    }
    const all = {
      title: title.input.value.trim(),
      class_id: ofClass.input.value,
      test_id: ofTest.input.value,
      scheduled_at: fromField(when.input.value),
      duration_seconds: seconds,
      invigilator_ids: people.chosen(),
      observer_ids: observers.chosen(),
    };
    return Object.fromEntries(Object.entries(all).filter(([name]) => editable.includes(name)));
  };

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setText(saved, "");
    const body = filled();
    if (!body) return;
    button.disabled = true;
    const done = await attempt(notice, () => (session ? change(api, session, body) : make(api, body)), fields);
    button.disabled = false;
    if (!done) return;
    if (!session) location.assign(`/sittings/${done.id}`);
    else {
      Object.assign(session, done);
      setText(saved, t("setup.saved"));
    }
  };

  return h(
    "form",
    { class: "card stack", novalidate: true, onsubmit: submit },
    h("h2", {}, t(session ? "setup.sitting.edit" : "sittings.new")),
    h("div", { class: "fields" }, ...[title, ofClass, ofTest, when, minutes].map(({ element }) => element)),
    people.element,
    observers.element,
    notice,
    h("div", { class: "row" }, button, saved),
  );
}

/**
 * @param {import("../lib/api.js").Api} api
 * @param {any} body
 */
function make(api, body) {
  const { title, ...rest } = body;
  return api.post("/api/sessions", title ? body : rest);
}

/**
 * Only what is not as it was is sent: the rest may have been changed by someone else meanwhile.
 * @param {import("../lib/api.js").Api} api
 * @param {any} session
 * @param {any} body
 */
async function change(api, session, body) {
  const same = (/** @type {any} */ a, /** @type {any} */ b) => JSON.stringify(a) === JSON.stringify(b);
  // A datetime field knows no seconds: what it shows unchanged stays as it is to the millisecond.
  const before = { ...session, scheduled_at: fromField(forField(session.scheduled_at)) };
  const changed = Object.fromEntries(Object.entries(body).filter(([name, value]) => !same(before[name], value)));
  const response = await api.call("PATCH", `/api/sessions/${session.id}`, changed);
  return response.json();
}

/**
 * Nothing can be made yet: what is needed first.
 * @param {any[]} classes
 * @param {any[]} tests
 */
function firstSteps(classes, tests) {
  const step = (/** @type {boolean} */ done, /** @type {string} */ href, /** @type {string} */ words) =>
    h("li", {}, done ? `${words} ✓` : h("a", { href }, words));
  return h(
    "section",
    { class: "card stack" },
    h("h2", {}, t("setup.first.title")),
    h(
      "ol",
      { class: "steps" },
      step(classes.length > 0, "/classes", t("setup.first.class")),
      step(tests.length > 0, "/tests/new", t("setup.first.test")),
      h("li", {}, t("setup.first.sitting")),
    ),
  );
}

/**
 * @param {any[]} items
 * @param {string} label
 * @param {string | undefined} chosen its id
 * @param {string} other what to call a chosen one that is not among the items
 */
function choice(items, label, chosen, other) {
  const options = items.map((item) => h("option", { value: item.id }, item[label]));
  if (chosen && !items.some(({ id }) => id === chosen)) options.unshift(h("option", { value: chosen }, other));
  const none = h("option", { value: "" }, t("sittings.choose"));
  const select = h("select", {}, ...(options.length > 1 && !chosen ? [none] : []), ...options);
  if (chosen) select.value = chosen;
  return select;
}
