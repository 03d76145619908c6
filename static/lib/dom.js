/**
 * Building and touching the DOM. What has not changed is not touched, so nothing flickers and
 * assistive technology is not told twice.
 */

/**
 * @param {string} tag
 * @param {Record<string, any>} [attributes] `class`, `on…` handlers, `data-…`, properties like `value`
 * @param {...(Node | string | null | false | undefined)} children
 * @returns {any} an HTMLElement
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && PROPERTIES.has(name)) /** @type {any} */ (element)[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child || child === "") element.append(child);
  return element;
}

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "textContent", "max", "required"]);

/**
 * @param {Node} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value null removes
 */
export function setAttribute(element, name, value) {
  if (value === null) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

/**
 * @param {HTMLElement} element
 * @param {boolean} shown
 */
export function show(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

/**
 * Let `parent` have exactly these children in this order, moving as few as can be: the longest run of
 * children that stand in the right order already stays where it is.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  const focused = document.activeElement;
  const kept = new Set(children);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  const places = new Map([...parent.children].map((child, at) => [child, at]));
  const staying = longestRise(children.map((child) => places.get(child) ?? -1));
  let moved = false;
  let next = null;
  for (let at = children.length - 1; at >= 0; at -= 1) {
    if (!staying.has(at)) {
      parent.insertBefore(children[at], next);
      moved = true;
    }
    next = children[at];
  }
  if (moved && focused instanceof HTMLElement && focused !== document.activeElement && parent.contains(focused)) {
    focused.focus({ preventScroll: true });
  }
}

/**
 * Where the numbers of a longest rising subsequence stand.
 * @param {number[]} numbers each once; -1: not to be among them
 * @returns {Set<number>}
 */
export function longestRise(numbers) {
  /** @type {number[]} */
  const ends = []; // ends[n]: where the smallest number stands that a rise of n + 1 can end with
  const before = new Array(numbers.length).fill(-1);
  numbers.forEach((number, at) => {
    if (number < 0) return;
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (numbers[ends[middle]] < number) low = middle + 1;
      else high = middle;
    }
    before[at] = low > 0 ? ends[low - 1] : -1;
    ends[low] = at;
  });
  const rise = new Set();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]) rise.add(at);
  return rise;
}
