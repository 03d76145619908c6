/** Everything a student sees instead of the test: waiting, paused, handed in, and the rest. */

import { h, setText, show } from "../lib/dom.js";
import { clock, dayAndTime, timeOfDay } from "../lib/time.js";
import { language, t } from "../words/index.js";

/** Screens that are two sentences. */
const PLAIN = {
  not_open: ["student.not_open", "student.not_open.more"],
  waiting: ["student.waiting", "student.waiting.more"],
  paused: ["student.paused", "student.paused.more"],
  time_up: ["student.time_up", "student.time_up.more"],
  cancelled: ["student.cancelled", "student.cancelled.more"],
  replaced: ["student.replaced", "student.replaced.more"],
  forbidden: ["student.forbidden", "student.forbidden.more"],
  signed_out: ["student.signed_out", "student.signed_out.more"],
  failed: ["student.failed", "student.failed.more"],
  over: ["student.over", null],
  connecting: ["student.connecting", null],
  first_offline: ["student.first_offline", null],
  submitted: ["student.submitted", null],
};

/** Screens from which nothing is sent any more: what was not sent is named. */
const LEFT_OVER = new Set(["over", "cancelled", "replaced", "forbidden", "signed_out", "failed", "submitted"]);

/** Before the test: whoever sits here by mistake may leave. */
const EARLY = new Set(["waiting", "not_open"]);

/** After it: the computer may be the next pupil's. */
const DONE = new Set(["submitted", "over", "cancelled", "forbidden", "replaced"]);

export class Screen {
  /** @param {{takeOver: () => void, signIn: () => void, signOut: () => void, name: string}} options */
  constructor({ takeOver, signIn, signOut, name }) {
    this.name = name;
    this.title = h("h1", { tabindex: -1 });
    this.more = h("p", {});
    this.count = h("p", { class: "huge", role: "timer", "aria-live": "off" });
    this.label = h("p", { class: "soft" });
    this.extra = h("p", { class: "soft" });
    this.take = h("button", { type: "button", class: "main", onclick: takeOver }, t("student.replaced.take"));
    this.sign = h("button", { type: "button", class: "main", onclick: signIn }, t("student.signed_out.go"));
    this.again = h("button", { type: "button", class: "main", onclick: () => location.reload() }, t("student.reload"));
    this.shared = h("p", { class: "soft small" }, t("student.shared"));
    this.out = h("button", { type: "button", onclick: signOut }, t("app.sign_out"));
    this.element = h(
      "main",
      { class: "center screen", id: "content" },
      this.title,
      this.more,
      this.label,
      this.count,
      this.extra,
      this.take,
      this.sign,
      this.again,
      this.shared,
      this.out,
    );
    /** @type {string | null} */
    this.phase = null;
  }

  /**
   * @param {keyof typeof PLAIN} phase
   * @param {import("../client/state.js").State} state
   * @param {any} planned the sitting as a list told it, before anything else is known
   * @param {number} now server time
   * @param {number} unsaved
   */
  update(phase, state, planned, now, unsaved) {
    const [title, more] = PLAIN[phase];
    setText(this.title, t(title));
    setText(this.more, more ? t(more) : "");
    show(this.take, phase === "replaced");
    show(this.sign, phase === "signed_out");
    show(this.again, phase === "failed");
    show(this.shared, DONE.has(phase));
    show(this.out, DONE.has(phase) || EARLY.has(phase));
    const session = state.session ?? planned;
    const early = EARLY.has(phase);
    this.countdown(early ? session : null, now);
    setText(this.extra, "");
    if (early && session) this.promise(session);
    if (phase === "submitted") this.handedIn(state);
    if (unsaved > 0 && LEFT_OVER.has(phase)) setText(this.extra, t("student.kept", { count: unsaved }));
    if (this.phase !== phase) this.title.focus?.({ preventScroll: true });
    this.phase = phase;
  }

  /**
   * @param {any} session
   * @param {number} now
   */
  countdown(session, now) {
    const at = session?.scheduled_at ?? null;
    const left = at === null ? 0 : Date.parse(at) - now;
    const near = left > 0 && left < 86_400_000;
    show(this.label, at !== null);
    show(this.count, near);
    if (at === null) return;
    if (near) setText(this.label, t("student.planned.in"));
    else setText(this.label, left > 0 ? t("student.planned", { time: dayAndTime(at, now, language()) }) : t("student.planned.past"));
    if (near) setText(this.count, clock(left));
  }

  /** @param {any} session */
  promise({ duration_seconds: seconds, extra_seconds: extra }) {
    const hello = t("student.hello", { name: this.name });
    const count = Math.round(((seconds ?? 0) + (extra ?? 0)) / 60);
    setText(this.extra, seconds === null ? hello : `${hello}. ${t("student.duration", { count })}`);
  }

  /** @param {import("../client/state.js").State} state */
  handedIn({ attempt, test }) {
    const at = attempt.submitted_at ? t("student.submitted.at", { time: timeOfDay(attempt.submitted_at) }) : "";
    const by = attempt.submitted_by ? t(`student.submitted.by.${attempt.submitted_by}`) : "";
    setText(this.more, [at, by].filter(Boolean).join(" "));
    const total = test?.questions.length ?? attempt.total;
    const answered = Object.values(attempt.answers).filter(({ value }) => value !== null && value !== "" && value.length !== 0).length;
    setText(this.extra, total > 0 ? t("student.submitted.count", { answered, count: total }) : "");
  }
}
