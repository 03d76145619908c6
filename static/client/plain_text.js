/**
 * What no database and no other program could read back is not let in: lone halves of characters
 * become the sign for "unreadable", NUL goes.
 *
 * @template T
 * @param {T} value an answer's value, or a text
 * @returns {T}
 */
export function plain(value) {
  if (typeof value === "string") return /** @type {any} */ (value.replace(/\p{Surrogate}/gu, "\ufffd").replaceAll("\0", ""));
  if (Array.isArray(value)) return /** @type {any} */ (value.map(plain));
  return value;
}
