/** The form that makes a sitting and goes to it. What was typed stays when something is wrong. */

import { ApiError } from "../lib/api.js";
import { h, setText } from "../lib/dom.js";
import { field } from "../lib/form.js";
import { t } from "../words/index.js";

const LONGEST_MINUTES = 1440;

/**
 * @param {import("../lib/api.js").Api} api
 * @param {{classes: any[], tests: any[]}} known
 * @returns {HTMLElement}
 */
export function newSitting(api, { classes, tests }) {
  const active = classes.filter(({ status }) => status !== "ARCHIVED");
  if (active.length === 0 || tests.length === 0) {
    return h("section", { class: "card stack" }, h("h2", {}, t("sittings.new")), h("p", {}, t("sittings.new.nothing")));
  }
  const title = field(t("sittings.new.title"), h("input", { maxlength: 200, autocomplete: "off" }));
  const ofClass = field(t("sittings.new.class"), choice(active, "name"));
  const ofTest = field(t("sittings.new.test"), choice(tests, "title"));
  const when = field(t("sittings.new.when"), h("input", { type: "datetime-local", value: soon() }));
  const minutes = field(t("sittings.new.minutes"), h("input", { inputmode: "numeric", value: "45" }));
  const notice = h("p", { class: "error", role: "alert" });
  const button = h("button", { class: "main", type: "submit" }, t("sittings.new.go"));
  /** @type {Record<string, {fail: (message: string) => void}>} */
  const fields = { title, class_id: ofClass, test_id: ofTest, scheduled_at: when, duration_seconds: minutes };

  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    setText(notice, "");
    const seconds = secondsOf(minutes.input.value);
    const missing = [title, ofClass, ofTest].filter(({ input }) => input.value.trim() === "");
    for (const { fail } of missing) fail(t("sittings.new.missing"));
    if (seconds === undefined) minutes.fail(t("sittings.new.minutes.wrong"));
    if (missing.length > 0 || seconds === undefined) return;
    button.disabled = true;
    try {
      const session = await api.post("/api/sessions", {
        title: title.input.value.trim(),
        class_id: ofClass.input.value,
        test_id: ofTest.input.value,
        scheduled_at: when.input.value ? new Date(when.input.value).toISOString() : null,
        duration_seconds: seconds,
      });
      location.assign(`/sittings/${session.id}`);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const words = error.status === 0 ? t("app.unreachable") : error.message || t("app.failed");
      if (error.field && fields[error.field]) fields[error.field].fail(words);
      else setText(notice, words);
      button.disabled = false;
    }
  };

  return h(
    "form",
    { class: "card stack new-sitting", novalidate: true, onsubmit: submit },
    h("h2", {}, t("sittings.new")),
    h("div", { class: "fields" }, ...[title, ofClass, ofTest, when, minutes].map(({ element }) => element)),
    notice,
    h("div", {}, button),
  );
}

/**
 * @param {any[]} items
 * @param {string} label
 */
function choice(items, label) {
  const options = items.map((item) => h("option", { value: item.id }, item[label]));
  const none = h("option", { value: "" }, t("sittings.choose"));
  return h("select", {}, ...(items.length > 1 ? [none] : []), ...options);
}

/**
 * @param {string} text
 * @returns {number | null | undefined} null: no limit; undefined: not a number of minutes
 */
export function secondsOf(text) {
  if (text.trim() === "") return null;
  const minutes = Number(text);
  return Number.isInteger(minutes) && minutes >= 1 && minutes <= LONGEST_MINUTES ? minutes * 60 : undefined;
}

/** The next quarter of an hour, as a datetime-local field wants it. */
function soon() {
  const quarter = 15 * 60_000;
  const at = new Date(Math.ceil(Date.now() / quarter) * quarter);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
