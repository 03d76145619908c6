/** The student's page: a top line, and below it either a screen or the test. */

import { h, setAttribute, show } from "../lib/dom.js";
import { refusal, t } from "../words/index.js";
import { Announcer } from "./announcer.js";
import { Hand } from "./hand.js";
import { HandIn } from "./hand_in.js";
import { Header } from "./header.js";
import { Marks } from "./marks.js";
import { Messages } from "./messages.js";
import { phaseOf } from "./phase.js";
import { Screen } from "./screens.js";
import { TestView } from "./test_view.js";

const TICK_MS = 250;
/** Screens at which there is no work that could be unsaved. */
const IDLE = new Set(["signed_out", "replaced", "forbidden", "failed", "cancelled", "over", "not_open", "connecting", "submitted"]);

export class StudentView {
  /**
   * @param {import("../client/client.js").Client} client
   * @param {{id: string, name: string}} student
   * @param {{signIn: () => void, signOut: () => void}} ways
   */
  constructor(client, { id, name }, ways) {
    this.client = client;
    this.studentId = id;
    /** @type {any} */
    this.planned = null;
    /** @type {TestView | null} */
    this.test = null;
    /** @type {string | null} */
    this.testKey = null;
    this.header = new Header();
    this.announcer = new Announcer();
    const takeOver = () => client.takeOver();
    this.screen = new Screen({ takeOver, name, ...ways });
    this.elsewhere = h(
      "section",
      { class: "notice elsewhere", role: "status", hidden: true },
      h("h2", {}, t("student.replaced")),
      h("p", {}, t("student.replaced.read")),
      h("button", { type: "button", class: "main", onclick: takeOver }, t("student.replaced.take")),
    );
    this.messages = new Messages((id) => client.markRead(id));
    this.hand = new Hand(client, (words) => this.announcer.say(words));
    this.handIn = new HandIn(client, () => this.test?.progress() ?? { open: [], flagged: [] });
    this.foot = h("div", { class: "foot row" }, this.hand.element, h("span", { class: "push" }), this.handIn.button);
    this.place = h("div", { class: "place" });
    this.element = h(
      "div",
      { class: "student" },
      this.header.element,
      this.elsewhere,
      this.messages.unread,
      this.announcer.element,
      this.screen.element,
      this.place,
      this.handIn.cover,
    );
    this.drawing = false;
    this.worried = false;
    client.addEventListener("change", () => this.soon());
    client.addEventListener("refused", (/** @type {any} */ { detail }) => this.refused(detail));
  }

  start() {
    setInterval(() => this.draw(), TICK_MS);
    this.draw();
  }

  /** @param {any} session what a list tells of the sitting */
  expect(session) {
    this.planned = session;
    this.soon();
  }

  soon() {
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => {
      this.drawing = false;
      this.draw();
    });
  }

  draw() {
    const { client } = this;
    const { state, status } = client;
    const now = client.now();
    const phase = phaseOf(state, status, now);
    const atWork = phase === "test";
    // Read-only is what was known here when it was continued elsewhere.
    const readOnly = phase === "replaced" && state.test !== null && state.attempt !== null;
    const closesAt = state.session?.closes_at ? Date.parse(state.session.closes_at) : null;
    const leftMs = atWork && closesAt !== null ? closesAt - now : null;
    if (this.element.getAttribute("data-phase") !== phase) this.announcer.hush();
    setAttribute(this.element, "data-phase", phase);
    this.header.update(state, status, leftMs, !IDLE.has(phase));
    this.announcer.update(leftMs, closesAt);
    this.comeBack(status, atWork);
    this.messages.update(readOnly ? [] : state.messages);
    show(this.screen.element, !atWork && !readOnly);
    show(this.place, atWork || readOnly);
    show(this.elsewhere, readOnly);
    if (atWork || readOnly) this.drawTest(state, status, readOnly);
    else {
      show(this.handIn.cover, false);
      this.screen.update(/** @type {any} */ (phase), state, this.planned, now, status.unsaved);
    }
  }

  /**
   * After the bar that said otherwise: all is well again.
   * @param {import("../client/client.js").ClientStatus} status
   * @param {boolean} atWork
   */
  comeBack({ connection, unsaved }, atWork) {
    if (this.header.warned) this.worried = true;
    else if (this.worried && connection === "online" && unsaved === 0) {
      this.worried = false;
      if (atWork) this.announcer.say(t("offline.back"));
    }
  }

  /**
   * @param {import("../client/state.js").State} state
   * @param {import("../client/client.js").ClientStatus} status
   * @param {boolean} readOnly
   */
  drawTest(state, status, readOnly) {
    const key = `${state.attempt.id} ${state.test.id}`;
    if (this.testKey !== key) {
      this.testKey = key;
      this.foot.append(this.messages.history);
      this.test = new TestView(this.client, state.test, new Marks(state.attempt.id, this.studentId), this.foot);
      this.place.replaceChildren(this.test.element);
    }
    this.hand.update(state.attempt);
    this.handIn.update(status);
    show(this.foot, !readOnly);
    /** @type {TestView} */ (this.test).lock(status.handingIn || readOnly);
    if (this.place.inert !== status.handingIn) this.place.inert = status.handingIn;
  }

  /** @param {{op: any, code: string, message: string}} refused */
  refused({ op, code, message }) {
    const words = refusal(code, message);
    if (op.type === "submit") this.announcer.say(t("handin.refused", { message: words }));
    else this.test?.refused({ op, code, message: words });
  }
}
