/**
 * Every command of a sitting, for one, some or all: the dialog it needs, the request that is done
 * once however often it is asked, and what came of it. The drawer and the lanes call `run`, too.
 */

import { ApiError } from "../../lib/api.js";
import { saveFile } from "../../setup/save_file.js";
import { t } from "../../words/index.js";
import { addPupil } from "./add_pupil.js";
import { Command, isUnknown } from "./command.js";
import { confirmDialog, lateDialog, noteDialog } from "./confirm_dialogs.js";
import { extendDialog } from "./extend_dialog.js";
import { giveBackDialog } from "./give_back_dialog.js";
import { messageDialog } from "./message_dialog.js";
import { nameOf } from "./names.js";
import { outcomeOf } from "./outcome.js";
import { Results } from "./results.js";
import { attemptWish, isAboutAttempt, wishFor } from "./wish.js";

export class Steer {
  /** @param {import("../parts.js").Page} page */
  constructor(page) {
    this.page = page;
    /** @type {import("../parts.js").Look} the latest; there is one before anybody can press a button */
    this.look = /** @type {any} */ (null);
    this.results = new Results(this);
    this.element = this.results.element;
    /** @type {Set<string>} commands under way that were given without a dialog */
    this.busy = new Set();
  }

  /** @param {import("../parts.js").Look} look */
  update(look) {
    this.look = look;
  }

  /**
   * Give a command, after the dialog it needs.
   * @param {string} name `open`, `start`, `pause`, `resume`, `complete`, `cancel`, `export`, `add_pupil`;
   *   for students `extend`, `message`, `force_submit`, `reopen`, `give_back`, `lower_hands`; for one
   *   student `accept_late`, `leave_late`, `note`
   * @param {string[] | null} [studentIds] null: all
   * @param {Record<string, any>} [options] of `message` `quote`, `lower`; of `give_back` `from`, `to`; of
   *   `extend` `minutes`; of `accept_late`, `leave_late` `event_ids`
   * @returns {Promise<any>} what came of it; null if it was not to be
   */
  run(name, studentIds = null, options = {}) {
    switch (name) {
      case "extend":
        return extendDialog(this, studentIds, options);
      case "message":
        return messageDialog(this, studentIds, options);
      case "give_back":
        return giveBackDialog(this, studentIds, options);
      case "accept_late":
      case "leave_late":
        return lateDialog(this, name, only(studentIds), options);
      case "note":
        return noteDialog(this, only(studentIds));
      case "add_pupil":
        return addPupil(this);
      case "export":
        return this.attempt(name, () => saveFile(this.page.api, `/api/sessions/${this.page.sessionId}/export?format=csv`));
      case "open":
      case "resume":
      case "lower_hands":
        return this.direct(name, studentIds);
      default:
        return confirmDialog(this, name, studentIds);
    }
  }

  /**
   * What sends one command; sent again it is done once. Its outcome goes on the list.
   * @param {string} name
   * @param {string[] | null} studentIds
   * @param {boolean} [quiet] what came of it need not be told
   * @returns {(fields: Record<string, any>) => Promise<import("./outcome.js").Outcome>}
   */
  sender(name, studentIds, quiet = false) {
    const command = new Command(this.page.api);
    return async (fields) => {
      const answer = await command.send(this.wish(name, studentIds, fields));
      const done = isAboutAttempt(name) ? { done: studentIds } : answer;
      const outcome = outcomeOf(name, studentIds, fields, done);
      if (!quiet) this.results.done(outcome);
      return outcome;
    };
  }

  /**
   * What goes along with another command: told only if it fails.
   * @param {string} name
   * @param {string[] | null} studentIds
   */
  quietly(name, studentIds) {
    const send = this.sender(name, studentIds, true);
    return this.attempt(name, () => send({}));
  }

  /**
   * @param {string} name
   * @param {string[] | null} studentIds
   * @param {Record<string, any>} fields
   */
  wish(name, studentIds, fields) {
    if (!isAboutAttempt(name)) return wishFor(this.page.sessionId, name, studentIds, fields);
    return attemptWish(this.look.state.attempts.get(only(studentIds)).id, name, fields);
  }

  /**
   * Give a command without asking.
   * @param {string} name
   * @param {string[] | null} studentIds
   * @param {Record<string, any>} [fields]
   */
  async direct(name, studentIds, fields = {}) {
    const key = JSON.stringify([name, studentIds, fields]);
    if (this.busy.has(key)) return null;
    this.busy.add(key);
    const send = this.sender(name, studentIds);
    try {
      return await this.attempt(name, () => send(fields));
    } finally {
      this.busy.delete(key);
    }
  }

  /**
   * Do something; where it fails the result list says so, and can ask for the same again.
   * @template T
   * @param {string} name
   * @param {() => Promise<T>} work
   * @returns {Promise<T | null>}
   */
  async attempt(name, work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.failed(name, error, work);
      return null;
    }
  }

  /**
   * @param {string} name
   * @param {InstanceType<typeof ApiError>} error
   * @param {() => Promise<any>} work what failed
   */
  failed(name, error, work) {
    this.results.failed(name, error, isUnknown(error) ? () => this.attempt(name, work) : null);
  }

  /**
   * @param {string} name
   * @param {string[] | null} studentIds
   * @returns {string} what a dialog is about
   */
  title(name, studentIds) {
    if (studentIds === null) return t(`steer.title.${name}`, { who: t("steer.everyone") });
    const who = studentIds.length === 1 ? nameOf(this.look.state, studentIds[0]) : t("steer.students", { count: studentIds.length });
    return t(`steer.title.${name}`, { who });
  }
}

/** @param {string[] | null} studentIds */
function only(studentIds) {
  if (studentIds?.length !== 1) throw new Error("this is about one student");
  return studentIds[0];
}
