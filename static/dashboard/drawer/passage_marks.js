/**
 * A passage with a student's highlights in it, and the list of them. Each is told by its number and
 * the name of its colour, and every colour has a line of its own below the words.
 */

import { h } from "../../lib/dom.js";
import { t } from "../../words/index.js";
import { colorOf, numbered, pieces } from "./marks.js";

/**
 * @param {any} passage
 * @param {import("../../client/positions.js").Highlight[]} highlights of this passage
 * @param {{whole?: boolean}} [options] `whole`: shown at full length, not in a box to be scrolled
 * @returns {HTMLElement}
 */
export function passageMarks(passage, highlights, { whole = false } = {}) {
  const text = pieces(passage.text, highlights).flatMap(({ text: words, begins, marks }) => {
    const numbers = begins.map((number) => h("sup", { class: "mark-number" }, String(number)));
    const top = marks.at(-1);
    if (!top) return [...numbers, words];
    return [...numbers, h("mark", { "data-color": colorOf(top.highlight), "data-several": marks.length > 1 }, words)];
  });
  const items = numbered(highlights).map(({ number, highlight }) =>
    h(
      "li",
      { value: number },
      h("mark", { "data-color": colorOf(highlight) }, highlight.text),
      h("span", { class: "soft small" }, ` ${t(`highlight.${colorOf(highlight)}`)}`),
      highlight.comment ? h("p", { class: "pre comment" }, highlight.comment) : null,
    ),
  );
  return h(
    "section",
    { class: "stack tight marked", "data-passage": passage.id },
    h("h3", {}, passage.title),
    h("div", { class: "passage-text", ...(whole ? {} : { tabindex: "0", role: "region", "aria-label": t("drawer.highlights.passage", { title: passage.title }) }) }, ...text),
    h("ol", { class: "marks" }, ...items),
  );
}
