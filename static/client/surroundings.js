/** What the page around the client offers, where it offers it. */

/**
 * The tab's own storage; a page in a sandboxed frame, or with cookies blocked, has none.
 * @returns {Storage | null}
 */
export function tabStorageOf() {
  try {
    return globalThis.sessionStorage ?? null;
  } catch {
    return null;
  }
}

/**
 * Whom a token is for; read, not believed: the server checks it.
 * @param {string} token of `POST /api/login`
 * @returns {string}
 */
export function userOf(token) {
  try {
    const claims = token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/");
    return String(JSON.parse(atob(claims)).sub);
  } catch {
    throw new Error("token is not one of POST /api/login, and no studentId was given");
  }
}
