/** `/student` and `/student/<session id>`: a student's whole sitting. */

import { connect } from "../client/index.js";
import { Api } from "../lib/api.js";
import { h, setAttribute } from "../lib/dom.js";
import { current, forget } from "../lib/login.js";
import { t } from "../words/index.js";
import { choose } from "./choose.js";
import { StudentView } from "./student_view.js";
import { tidy } from "./tidy.js";

const KEEP_FRESH_MS = 60_000;

const app = /** @type {HTMLElement} */ (document.getElementById("app"));
const login = current("student");
const signIn = () => location.assign("/");
// A student who must sign in again is told so by the page and not thrown out of the work.
const api = new Api("student", () => {});

function sessionId() {
  const [, , id] = location.pathname.split("/");
  return id ? decodeURIComponent(id) : (login?.sessionId ?? null);
}

/**
 * When the sitting is planned for: what can be known of it before its waiting room opens.
 * @param {string} id
 */
async function planned(id) {
  return api.get(`/api/sessions/${encodeURIComponent(id)}`).catch(() => null);
}

function begin() {
  document.title = `${t("student.title")} · ${t("app.name")}`;
  if (!login) {
    location.replace("/");
    return;
  }
  const id = sessionId();
  if (id === null) {
    choose(api, app);
    return;
  }
  tidy(sessionStorage, login.user.id);
  const client = connect({
    url: location.origin,
    token: login.token,
    sessionId: id,
    studentId: login.user.id,
    refresh: () => api.refresh(),
  });
  const signOut = () => {
    client.leave();
    forget("student");
    tidy(sessionStorage, null);
    location.replace("/");
  };
  const view = new StudentView(client, login.user, { signIn, signOut });
  app.replaceChildren(h("a", { class: "skip", href: "#content" }, t("app.skip")), view.element);
  view.start();
  planned(id).then((session) => view.expect(session));
  setInterval(() => api.keepFresh(), KEEP_FRESH_MS);
  setAttribute(document.documentElement, "data-ready", "");
}

begin();
