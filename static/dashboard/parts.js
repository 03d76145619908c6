/**
 * What the live page is made of, and where each part stands. A part has an `element` and an
 * `update(look)` that touches only what changed.
 *
 * @typedef {object} Look everything there is to show, made anew at each draw
 * @property {import("./state.js").State} state
 * @property {import("./row.js").Row[]} rows everyone, by name
 * @property {import("./row.js").Row[]} shown those chosen, in the order chosen
 * @property {number} now server time; stands still while the page is not live
 * @property {boolean} live
 * @property {Names} names
 * @property {import("./selection.js").Selection} selection
 * @property {import("./choice.js").Choice} choice
 * @property {{steer: boolean, own: boolean}} may `steer`: give commands; `own`: hand out sign-in
 *   cards and edit the sitting
 *
 * @typedef {object} Names what the wire does not carry; null until it is loaded, or not ours to see
 * @property {string | null} className
 * @property {string | null} testTitle
 * @property {any} test as `GET /api/sessions/{id}/test` answers it
 * @property {Map<string, number>} numbers of the questions, from 1
 *
 * @typedef {{element: HTMLElement, update: (look: Look) => void}} Part
 *
 * @typedef {object} Page what a part may ask of the page
 * @property {import("../lib/api.js").Api} api
 * @property {string} sessionId
 * @property {import("./feed.js").Feed} feed
 * @property {any} steer `run(name, studentIds | null, options?)` gives a command, with its dialog
 * @property {(studentId: string | null) => void} openStudent the drawer; null closes it
 * @property {(text: string) => void} say to who does not see the page, politely
 * @property {(part: Partial<import("./choice.js").Choice>) => void} choose
 * @property {(studentIds: Iterable<string>) => void} select these and nobody else
 *
 * @typedef {object} Parts
 * @property {Part[]} steering under the heading
 * @property {Record<string, Part>} views of the students, one at a time; their names are
 *   choice.js's and those of the buttons
 * @property {Part[]} after the students
 * @property {(Part & {open: (studentId: string) => void, close: () => void}) | null} drawer
 */

import { AnswersPanel } from "./answers/panel.js";
import { Drawer } from "./drawer/drawer.js";
import { Lanes } from "./lanes/lanes.js";
import { steerParts } from "./steer/parts.js";
import { StudentTable } from "./table.js";
import { StudentTiles } from "./tiles.js";

/**
 * @param {Page} page its `steer` is set here
 * @returns {Parts}
 */
export function partsOf(page) {
  const { steering, after } = steerParts(page);
  return {
    steering,
    views: { table: new StudentTable(page), tiles: new StudentTiles(page), lanes: new Lanes(page) },
    after: [...after, new AnswersPanel(page)],
    drawer: new Drawer(page),
  };
}
