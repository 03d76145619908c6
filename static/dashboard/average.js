/** The class's average of answered questions, with a small picture of how it is spread. */

import { h, setAttribute, setText, show } from "../lib/dom.js";
import { language, t } from "../words/index.js";
import { spreadOf } from "./spread.js";

const HEIGHT = 20;
const WIDTH = 7;
const GAP = 2;
const SVG = "http://www.w3.org/2000/svg";

export class Average {
  constructor() {
    this.number = new Intl.NumberFormat(language(), { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.words = h("span", { class: "numbers" });
    this.picture = document.createElementNS(SVG, "svg");
    this.picture.setAttribute("class", "spread");
    this.picture.setAttribute("role", "img");
    this.drawn = "";
    this.element = h("p", { class: "average" }, this.words, this.picture);
  }

  /** @param {import("./parts.js").Look} look */
  update({ rows }) {
    const spread = spreadOf(rows);
    show(this.element, spread !== null);
    if (!spread) return;
    const { average, total, students, bins } = spread;
    setText(this.words, t("average", { average: this.number.format(average), total }));
    const ranges = bins.filter(({ count }) => count > 0).map(({ from, to, count }) => t("average.range", { range: from === to ? from : `${from}–${to}`, count }));
    const told = `${t("average.spread", { count: students })} ${ranges.join(", ")}`;
    if (told === this.drawn) return;
    this.drawn = told;
    setAttribute(this.picture, "aria-label", told);
    setAttribute(this.element, "title", told);
    this.draw(bins.map(({ count }) => count));
  }

  /** @param {number[]} counts */
  draw(counts) {
    const most = Math.max(...counts);
    const width = counts.length * (WIDTH + GAP) - GAP;
    for (const [name, value] of Object.entries({ width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` })) {
      setAttribute(this.picture, name, String(value));
    }
    const bars = counts.map((count, at) => {
      const height = count === 0 ? 1 : Math.max(3, Math.round((HEIGHT * count) / most));
      const bar = document.createElementNS(SVG, "rect");
      const place = { x: at * (WIDTH + GAP), y: HEIGHT - height, width: WIDTH, height };
      for (const [name, value] of Object.entries(place)) bar.setAttribute(name, String(value));
      return bar;
    });
    this.picture.replaceChildren(...bars);
  }
}
