/** What the staff's pages have in common: who may be here, the frame, and how a failure is told. */

import { Api, ApiError } from "../lib/api.js";
import { ask, cancel } from "../lib/dialog.js";
import { h, setText } from "../lib/dom.js";
import { bar, signIn } from "../lib/frame.js";
import { current } from "../lib/login.js";
import { t } from "../words/index.js";

const PLACES = ["sittings", "classes", "tests"];

/**
 * Build the frame of a page for the staff and fill it. Who is not signed in is sent to do so.
 * @param {{title: string, place: string, className?: string}} page `place`: one of PLACES
 * @param {(api: Api, main: HTMLElement) => Promise<void>} fill
 */
export async function staffPage({ title, place, className = "" }, fill) {
  if (!current("staff")) {
    signIn();
    return;
  }
  const api = new Api("staff", signIn);
  const links = PLACES.map((name) =>
    h("a", { href: `/${name}`, "aria-current": name === place ? "page" : null }, t(`setup.nav.${name}`)),
  );
  const main = h("main", { class: `page stack wide ${className}`.trim(), id: "content" });
  nameDocument(title);
  /** @type {HTMLElement} */ (document.getElementById("app")).append(bar(...links), main);
  await api.keepFresh();
  try {
    await fill(api, main);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 404) nothingHere(main, `/${place}`, t(`setup.nav.${place}`));
    else main.append(h("p", { class: "error", role: "alert" }, failure(error)));
  }
}

/** @param {string} title */
export function nameDocument(title) {
  document.title = `${title} · ${t("app.name")}`;
}

/**
 * @param {HTMLElement} main
 * @param {string} href
 * @param {string} words
 */
function nothingHere(main, href, words) {
  const back = h("a", { href }, words);
  main.replaceChildren(h("div", { class: "center" }, h("h1", {}, t("setup.nothing_here")), back));
}

/** @param {InstanceType<typeof ApiError>} error */
export function failure(error) {
  return error.status === 0 ? t("app.unreachable") : error.message || t("app.failed");
}

/**
 * Run something that may be refused; what went wrong stands in `notice`.
 * @template T
 * @param {HTMLElement} notice
 * @param {() => Promise<T>} work
 * @param {Record<string, {fail: (message: string) => void}>} [fields] which get the errors about them
 * @returns {Promise<T | null>} null: it was refused
 */
export async function attempt(notice, work, fields = {}) {
  setText(notice, "");
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const field = error.field && fields[error.field];
    if (field) field.fail(failure(error));
    else setText(notice, failure(error));
    return null;
  }
}

/** The n-th part of the page's path: of `/sittings/<id>/edit` the first is the id. @param {number} n */
export function pathPart(n) {
  return decodeURIComponent(location.pathname.split("/")[n + 1] ?? "");
}

/**
 * Ask before something that cannot be taken back.
 * @param {{title: string, text: string, go: string}} what
 * @returns {Promise<boolean>}
 */
export function confirmed({ title, text, go }) {
  return ask(
    title,
    (done) => {
      const button = h("button", { type: "button", class: "danger main", onclick: () => done(true) }, go);
      return [h("p", {}, text), h("div", { class: "row" }, cancel(() => done(false)), button)];
    },
    false,
  );
}
