/** The colours of the picture, from the page's tokens: light, dark and forced colours alike. */

const NAMES = ["surface", "sunken", "ink", "ink-soft", "line", "line-strong", "accent", "online", "unstable", "disconnected", "submitted", "absent", "waiting"];

/** @typedef {Record<string, string> & {font: string}} Palette */

/**
 * @param {Element} element whose custom properties `--lane-…` count
 * @returns {Palette}
 */
export function paletteOf(element) {
  const style = getComputedStyle(element);
  const colours = NAMES.map((name) => [name, style.getPropertyValue(`--lane-${name}`).trim()]);
  return /** @type {any} */ ({ ...Object.fromEntries(colours), font: `${style.fontSize} ${style.fontFamily}` });
}

/**
 * @param {() => void} changed called when the colours may have become others
 */
export function onTheme(changed) {
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)"]) {
    matchMedia(query).addEventListener("change", changed);
  }
}
