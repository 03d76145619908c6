/** Where one can go from a sitting; what there is follows from its state. */

import { h } from "../lib/dom.js";
import { t } from "../words/index.js";

/** @type {Record<string, string[]>} */
const OFFERED = {
  SCHEDULED: ["cards", "screen", "edit"],
  WAITING_FOR_STUDENTS: ["cards", "screen", "edit"],
  IN_PROGRESS: ["cards", "screen", "answers", "edit"],
  COMPLETED: ["report", "answers"],
  CANCELLED: ["report", "answers"],
};

/** What only its owners may: who made it, who teaches the class, an administrator. */
const OWNERS = new Set(["cards", "screen", "edit"]);

/**
 * @param {any} session
 * @param {object} [options]
 * @param {string} [options.here] where one is already
 * @param {boolean} [options.own] whether it is this person's own, not only theirs to watch
 * @returns {HTMLElement}
 */
export function sittingLinks(session, { here = "", own = true } = {}) {
  const offered = OFFERED[session.status].filter((name) => name !== here && (own || !OWNERS.has(name)));
  const links = offered.map((name) =>
    h(
      "a",
      { href: `/sittings/${session.id}/${name}`, "aria-label": t(`setup.link.${name}.label`, { name: session.title }) },
      t(`setup.link.${name}`),
    ),
  );
  return h("div", { class: "row small links" }, ...links);
}
