/** What a teacher can do to a whole sitting; which buttons there are follows from its state. */

import { ApiError } from "../lib/api.js";
import { askText, confirmTyped } from "../lib/dialog.js";
import { h, setAttribute, setText, show } from "../lib/dom.js";
import { statusOf } from "../lib/session_words.js";
import { t } from "../words/index.js";

const EXTEND_MINUTES = 5;
const MESSAGE_LIMIT = 2_000;

/** Which actions a sitting in this state offers, the main one first. @type {Record<string, string[]>} */
const OFFERED = {
  SCHEDULED: ["open", "cancel"],
  WAITING_FOR_STUDENTS: ["start", "message", "cancel"],
  IN_PROGRESS: ["extend", "message", "pause", "complete"],
  PAUSED: ["resume", "extend", "message", "complete"],
  COMPLETED: ["export"],
  CANCELLED: [],
};

const MAIN = new Set(["open", "start", "resume"]);
const DANGER = new Set(["complete", "cancel"]);

export class Actions {
  /** @param {import("./parts.js").Page} page */
  constructor({ api, sessionId }) {
    this.api = api;
    this.path = `/api/sessions/${sessionId}`;
    this.working = 0; // so many are still at work
    this.busy = false;
    this.result = h("span", { role: "status", class: "result" });
    this.buttons = new Map(
      ["open", "start", "resume", "extend", "message", "pause", "complete", "cancel", "export"].map((name) => {
        const style = [MAIN.has(name) && "main", DANGER.has(name) && "danger"].filter(Boolean).join(" ");
        const label = t(`live.${name}`, { count: EXTEND_MINUTES });
        return [name, h("button", { type: "button", class: style, onclick: () => this.act(name) }, label)];
      }),
    );
    setAttribute(this.buttons.get("extend"), "aria-label", t("live.extend.label", { count: EXTEND_MINUTES }));
    this.element = h("div", { class: "row actions" }, ...this.buttons.values(), this.result);
  }

  /** @param {import("./parts.js").Look} look */
  update({ state: { session }, rows, may }) {
    this.working = rows.filter(({ status }) => status !== "submitted" && status !== "absent").length;
    const offered = (OFFERED[statusOf(session)] ?? []).filter((name) => may.steer || name === "export");
    const extendable = session.duration_seconds !== null;
    for (const [name, button] of this.buttons) {
      show(button, offered.includes(name) && (name !== "extend" || extendable));
    }
  }

  /** @param {string} name */
  async act(name) {
    if (this.busy) return;
    this.busy = true;
    setText(this.result, "");
    setAttribute(this.result, "data-failed", null);
    try {
      setText(this.result, (await this.perform(name)) ?? "");
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setAttribute(this.result, "data-failed", "");
      setText(this.result, error.status === 0 ? t("app.unreachable") : error.message || t("app.failed"));
    } finally {
      this.busy = false;
    }
  }

  /**
   * @param {string} name
   * @returns {Promise<string | void>} what to say when it is done
   */
  async perform(name) {
    switch (name) {
      case "extend":
        await this.api.post(`${this.path}/extend`, { minutes: EXTEND_MINUTES });
        return t("live.extend.done", { count: EXTEND_MINUTES });
      case "message":
        return this.message();
      case "complete":
      case "cancel":
        return this.end(name);
      case "export":
        return this.download();
      default:
        await this.api.post(`${this.path}/${name}`);
        return undefined;
    }
  }

  async message() {
    const title = t("live.message.title");
    const label = t("live.message.text");
    const text = await askText({ title, label, go: t("live.message.go"), limit: MESSAGE_LIMIT, needed: true });
    if (text === null) return undefined;
    await this.api.post(`${this.path}/messages`, { text });
    return t("live.message.done");
  }

  /** @param {"complete" | "cancel"} name */
  async end(name) {
    const agreed = await confirmTyped({
      title: t(`live.${name}.title`),
      text: t(`live.${name}.text`, { count: this.working }),
      word: t(name === "complete" ? "live.typed.word" : "live.typed.word.cancel"),
      go: t(`live.${name}`),
    });
    if (agreed) await this.api.post(`${this.path}/${name}`);
  }

  async download() {
    const response = await this.api.call("GET", `${this.path}/export?format=csv`);
    const url = URL.createObjectURL(await response.blob());
    const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
    h("a", { href: url, download: named?.[1] ?? "sitting.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  /**
   * @param {"lower_hands"} _name
   * @param {string[]} studentIds
   */
  async run(_name, studentIds) {
    try {
      await this.api.post(`${this.path}/hands/lower`, { student_ids: studentIds });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(this.result, error.message || t("app.failed"));
    }
  }
}
