/** Where one can go from a sitting; what there is follows from its state. */

import { h } from "../lib/dom.js";
import { t } from "../words/index.js";

/** @type {Record<string, string[]>} */
const OFFERED = {
  SCHEDULED: ["cards", "screen", "edit"],
  WAITING_FOR_STUDENTS: ["cards", "screen", "edit"],
  IN_PROGRESS: ["cards", "screen", "edit"],
  COMPLETED: ["report"],
  CANCELLED: ["report"],
};

/**
 * @param {any} session
 * @param {string} [here] where one is already
 * @returns {HTMLElement}
 */
export function sittingLinks(session, here = "") {
  const links = OFFERED[session.status].filter((name) => name !== here).map((name) =>
    h(
      "a",
      { href: `/sittings/${session.id}/${name}`, "aria-label": t(`setup.link.${name}.label`, { name: session.title }) },
      t(`setup.link.${name}`),
    ),
  );
  return h("div", { class: "row small links" }, ...links);
}
