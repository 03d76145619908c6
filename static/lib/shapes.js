/**
 * The language of shapes: beside every colour stands a form, and beside every form a word. Drawn by
 * ourselves, since no font has all of them everywhere; part of the script, since a page that has
 * lost its connection must still be able to show a new one.
 */

const SVG = "http://www.w3.org/2000/svg";
const DISC = "M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11z";
const RING = "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z";

/**
 * Each shape's paths on a field of 16 × 16: filled ones, and lines with their width.
 * @type {Record<string, {fill?: string[], line?: [string, number][], dashed?: boolean}>}
 */
export const SHAPES = {
  online: { fill: [DISC] },
  unstable: { line: [[RING, 1.6]], fill: ["M8 3a5 5 0 0 0 0 10z"] },
  disconnected: { line: [[RING, 1.8]] },
  saving: { line: [[RING, 1.6]], dashed: true },
  submitted: { line: [["M2.5 8.5l3.8 3.8 7.2-8.3", 2.1]] },
  absent: { line: [["M3.5 8h9", 2]] },
  waiting: { line: [["M4 2.5h8M4 13.5h8M4.8 2.5c0 3 6.4 8 6.4 11M11.2 2.5c0 3-6.4 8-6.4 11", 1.5]] },
  paused: { line: [["M5.5 3v10M10.5 3v10", 2.4]] },
  scheduled: { line: [["M8 2.3a5.7 5.7 0 1 0 0 11.4a5.7 5.7 0 1 0 0-11.4zM8 4.8V8l2.3 1.6", 1.5]] },
  cancelled: { line: [["M4 4l8 8M12 4l-8 8", 2]] },
  hand: {
    line: [
      [
        "M4.6 9V4.4a.9.9 0 0 1 1.8 0V7.5 2.9a.9.9 0 0 1 1.8 0v4.4-3.9a.9.9 0 0 1 1.8 0v4.2-2.4a.9.9 0 0 1 1.8 0v5c0 2.5-1.6 4.3-4 4.3-2 0-2.9-.8-3.8-2.4L2.3 9.4c-.5-.9.7-1.7 1.4-.9z",
        1.1,
      ],
    ],
  },
  away: { line: [["M2.8 2.8h10.4v10.4H2.8z", 1.5]], fill: ["M8 3h5v10H8z"] },
  alert: { line: [["M8 2.5v7", 2.3]], fill: ["M8 11.6a1.4 1.4 0 1 0 0 2.8a1.4 1.4 0 1 0 0-2.8z"] },
  message: { line: [["M2.5 3.2h11v7.6H7.2L4 13.6v-2.8H2.5z", 1.4]] },
  flag: { line: [["M4 14.5V2", 1.6]], fill: ["M4 2.5h8.5L10.3 5.6l2.2 3.1H4z"] },
  note: { line: [["M3 2.5h10v7.5l-3.5 3.5H3zM9.5 13.5V10H13", 1.4]] },
  back: { line: [["M10 3.5L5.5 8l4.5 4.5", 2]] },
  next: { line: [["M6 3.5L10.5 8 6 12.5", 2]] },
};

/**
 * @param {string} name one of SHAPES
 * @returns {SVGElement}
 */
export function shape(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "shape");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  setShape(svg, name);
  return svg;
}

/**
 * @param {SVGElement} svg made by `shape`
 * @param {string} name
 */
export function setShape(svg, name) {
  if (svg.getAttribute("data-shape") === name) return;
  const { fill = [], line = [], dashed = false } = SHAPES[name];
  svg.setAttribute("data-shape", name);
  svg.replaceChildren(
    ...fill.map((d) => path({ d, fill: "currentColor" })),
    ...line.map(([d, width]) => path({ ...LINE, d, "stroke-width": String(width), ...(dashed ? DASHED : {}) })),
  );
}

const LINE = { fill: "none", stroke: "currentColor", "stroke-linecap": "round", "stroke-linejoin": "round" };
const DASHED = { "stroke-dasharray": "2.6 2.6", "stroke-linecap": "butt" };

/** @param {Record<string, string>} attributes */
function path(attributes) {
  const element = document.createElementNS(SVG, "path");
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
