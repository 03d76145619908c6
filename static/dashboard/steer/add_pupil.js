/**
 * Somebody who is not on the list: found among the school's students or made new, put on the
 * sitting's list, and handed the code to sign in with.
 */

import { ApiError } from "../../lib/api.js";
import { ask } from "../../lib/dialog.js";
import { h, setText, show } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { Command } from "./command.js";
import { sentence } from "./command_dialog.js";

const SEARCH_AFTER_MS = 250; // since the last key
const FOUND_SHOWN = 8;

/**
 * @param {import("./steer.js").Steer} steer
 * @returns {Promise<null>}
 */
export function addPupil(steer) {
  return ask(t("steer.add.title"), (done) => new AddPupil(steer, () => done(null)).nodes, null);
}

class AddPupil {
  /**
   * @param {import("./steer.js").Steer} steer
   * @param {() => void} close
   */
  constructor(steer, close) {
    this.steer = steer;
    this.api = steer.page.api;
    this.searches = 0;
    this.busy = false;
    this.search = h("input", { type: "search", autocomplete: "off", oninput: () => this.soon() });
    this.found = h("ul", { class: "plain found" });
    this.name = h("input", { autocomplete: "off", maxlength: 255 });
    this.email = h("input", { type: "email", autocomplete: "off", maxlength: 320 });
    this.error = h("p", { class: "error", role: "alert" });
    this.added = h("div", { class: "stack tight added", role: "status", hidden: true });
    this.making = new Command(this.api);
    /** @type {string | undefined} what `making` has asked for */
    this.asked = undefined;
    const make = h(
      "form",
      { class: "stack tight", novalidate: true, onsubmit: (/** @type {Event} */ event) => this.make(event) },
      h("h3", {}, t("steer.add.new")),
      h("label", { class: "field" }, t("steer.add.name"), this.name),
      h("label", { class: "field" }, t("steer.add.email"), this.email),
      h("div", { class: "row" }, h("button", { type: "submit" }, t("steer.add.make"))),
    );
    this.nodes = [
      h("label", { class: "field" }, t("steer.add.search"), this.search),
      h("div", { role: "status" }, this.found),
      make,
      this.error,
      this.added,
      h("div", { class: "row" }, h("button", { type: "button", class: "main", onclick: close }, t("steer.add.close"))),
    ];
  }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), SEARCH_AFTER_MS);
  }

  async look() {
    this.searches += 1;
    const mine = this.searches;
    const wanted = this.search.value.trim();
    /** @type {any[]} */
    let items = [];
    if (wanted) {
      const query = new URLSearchParams({ role: "STUDENT", search: wanted, limit: String(FOUND_SHOWN + 1) });
      const page = await this.trying(() => this.api.get(`/api/users?${query}`));
      items = page?.items ?? [];
    }
    if (mine !== this.searches) return; // something else was typed meanwhile
    const rows = items.slice(0, FOUND_SHOWN).map((one) => this.person(one));
    if (wanted && rows.length === 0) rows.push(h("li", { class: "soft" }, t("steer.add.nobody")));
    if (items.length > FOUND_SHOWN) rows.push(h("li", { class: "soft small" }, t("steer.add.too_many")));
    this.found.replaceChildren(...rows);
  }

  /** @param {{id: string, name: string, email: string | null}} student */
  person(student) {
    const listed = this.steer.look.state.students.has(student.id);
    const act = t(listed ? "steer.add.show" : "steer.add.go");
    const button = h("button", { type: "button", "aria-label": `${act}: ${student.name}`, onclick: () => this.add(student) }, act);
    return h("li", { class: "row" }, h("span", {}, student.name), h("span", { class: "soft small" }, student.email ?? ""), h("span", { class: "push" }, button));
  }

  /** @param {Event} event */
  async make(event) {
    event.preventDefault();
    const name = this.name.value.trim();
    const email = this.email.value.trim();
    if (!name) {
      setText(this.error, t("steer.add.name.missing"));
      this.name.focus();
      return;
    }
    const body = { name, role: "STUDENT", ...(email ? { email } : {}) };
    // The same again after a lost answer makes nobody twice; another name is another student.
    if (this.asked !== JSON.stringify(body)) this.making = new Command(this.api);
    this.asked = JSON.stringify(body);
    const student = await this.trying(() => this.making.send({ method: "POST", path: "/api/users", body }));
    if (student && (await this.add(student))) {
      this.name.value = "";
      this.email.value = "";
      this.asked = undefined;
    }
  }

  /**
   * @param {{id: string, name: string}} student
   * @returns {Promise<boolean>}
   */
  async add(student) {
    const path = `/api/sessions/${this.steer.page.sessionId}`;
    const body = { student_id: student.id };
    const added = await this.trying(() => this.api.post(`${path}/participants`, body)); // twice is once
    if (!added) return false;
    show(this.added, true);
    const listed = h("p", {}, h("strong", {}, t("steer.add.added", { name: student.name })));
    if (!this.steer.look.may.own) {
      this.added.replaceChildren(listed, h("p", {}, t("steer.add.ask_owner")));
      return true;
    }
    const links = await this.trying(() => this.api.post(`${path}/links`, { student_ids: [student.id] }));
    this.added.replaceChildren(listed, ...(links ? wayIn(links.items[0]) : []));
    return true;
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T | null>} null: it was refused, and it was said why
   */
  async trying(work) {
    setText(this.error, "");
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      setText(this.error, sentence(error));
      return null;
    }
  }
}

/**
 * @param {{code: string, url: string}} link
 * @returns {Node[]}
 */
function wayIn({ code, url }) {
  const copy = h("button", { type: "button", onclick: async () => (await navigator.clipboard.writeText(url), setText(copy, t("steer.add.copied"))) }, t("steer.add.copy"));
  return [
    h("p", { class: "soft" }, `${t("enter.address")} ${location.origin} ${t("steer.add.type")}`),
    h("p", { class: "code numbers" }, code),
    h("div", { class: "row" }, h("a", { class: "small", href: url }, url), navigator.clipboard ? copy : null),
  ];
}
