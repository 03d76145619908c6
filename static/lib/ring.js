/** A ring that fills with progress. It says nothing to who does not see it: the number stands beside. */

const SVG = "http://www.w3.org/2000/svg";

/** @returns {{element: SVGElement, fill: (part: number) => void}} `fill` takes 0 to 1 */
export function ring() {
  const element = make("svg", { class: "ring", viewBox: "0 0 36 36", "aria-hidden": "true" });
  const circle = { cx: "18", cy: "18", r: "16", fill: "none", "stroke-width": "3.5" };
  const done = make("circle", { ...circle, class: "ring-done", pathLength: "100", transform: "rotate(-90 18 18)" });
  element.append(make("circle", { ...circle, class: "ring-all" }), done);
  return {
    element,
    fill(part) {
      const percent = Math.round(100 * part);
      done.setAttribute("stroke-dasharray", `${percent} 100`);
      done.setAttribute("visibility", percent === 0 ? "hidden" : "visible");
    },
  };
}

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 */
function make(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
