/** A QR code as the server drew it, as an element of the page. */

/**
 * @param {string} svg
 * @param {string} label what it leads to
 * @returns {Element}
 */
export function qr(svg, label) {
  const drawing = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
  drawing.setAttribute("class", "qr");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label);
  return drawing;
}

/** An address as people type it: without what browsers put before it by themselves. @param {string} url */
export function spoken(url) {
  return url.replace(/^https?:\/\//, "");
}
