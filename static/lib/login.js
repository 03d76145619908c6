/**
 * Who is signed in here. Staff stay signed in across tabs; a student's login lives in its tab only,
 * so the next pupil at a shared computer finds nothing of it. The two do not disturb each other.
 *
 * @typedef {{id: string, email: string | null, name: string, role: string}} User
 * @typedef {{token: string, user: User, since: number, until: number, sessionId: string | null}} Login
 * @typedef {"staff" | "student"} Kind
 */

/** @param {Kind} kind */
function place(kind) {
  return { storage: kind === "staff" ? localStorage : sessionStorage, key: `monitor.login.${kind}` };
}

/**
 * @param {string} role
 * @returns {Kind}
 */
export function kindOf(role) {
  return role === "STUDENT" ? "student" : "staff";
}

/**
 * Keep what `POST /api/login` or `/api/refresh` answered.
 * @param {{access_token: string, expires_in: number, user: User, session_id?: string | null}} answer
 * @returns {Login}
 */
export function remember(answer) {
  const kind = kindOf(answer.user.role);
  const { storage, key } = place(kind);
  const login = {
    token: answer.access_token,
    user: answer.user,
    since: Date.now(),
    until: Date.now() + answer.expires_in * 1000,
    sessionId: answer.session_id ?? null,
  };
  storage.setItem(key, JSON.stringify(login));
  return login;
}

/**
 * @param {Kind} kind
 * @returns {Login | null}
 */
export function current(kind) {
  const { storage, key } = place(kind);
  try {
    return JSON.parse(storage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {Kind} kind */
export function forget(kind) {
  const { storage, key } = place(kind);
  storage.removeItem(key);
}
