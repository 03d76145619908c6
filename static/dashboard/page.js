/** `/sittings/<id>`: the live dashboard of one sitting. */

import { Api, ApiError } from "../lib/api.js";
import { h, setAttribute } from "../lib/dom.js";
import { bar, signIn } from "../lib/frame.js";
import { current } from "../lib/login.js";
import { onWake } from "../client/wake.js";
import { t } from "../words/index.js";
import { LiveView } from "./live_view.js";
import { Feed } from "./feed.js";

const KEEP_FRESH_MS = 60_000;
const ENDS_LOGIN = 4500;

const sessionId = decodeURIComponent(location.pathname.split("/")[2] ?? "");
const app = /** @type {HTMLElement} */ (document.getElementById("app"));
const api = new Api("staff", signIn);

/** @param {string} words */
function sayOnly(words) {
  document.querySelector("main")?.replaceChildren(
    h("div", { class: "center" }, h("h1", {}, words), h("a", { href: "/sittings" }, t("sittings.title"))),
  );
}

/**
 * What the wire does not carry: the names of class and test, and the questions in their order. Of
 * the classes a teacher is told the own ones; the others have no name here.
 * @param {LiveView} view
 * @param {any} session
 */
async function fetchNames(view, session) {
  const quietly = (/** @type {Promise<any>} */ asked) =>
    asked.catch((error) => {
      if (!(error instanceof ApiError)) throw error;
      return null;
    });
  const [classes, test] = await Promise.all([
    quietly(api.all("/api/classes")),
    quietly(api.get(`/api/sessions/${session.id}/test`)),
  ]);
  const own = (classes ?? []).find((/** @type {any} */ one) => one.id === session.class_id);
  const questions = /** @type {any[]} */ (test?.questions ?? []);
  const names = {
    className: own?.name ?? null,
    testTitle: test?.title ?? null,
    test,
    numbers: new Map(questions.map(({ id }, at) => [id, at + 1])),
  };
  view.know(names, own !== undefined);
}

async function begin() {
  const login = current("staff");
  if (!login) {
    signIn();
    return;
  }
  const content = h("main", { class: "page stack live", id: "content" });
  const places = ["sittings", "classes", "tests"].map((name) => h("a", { href: `/${name}` }, t(`setup.nav.${name}`)));
  app.append(bar(...places), content);
  await api.keepFresh();

  const feed = new Feed({ url: location.origin, sessionId, token: () => api.token, refresh: () => api.refresh() });
  const view = new LiveView(api, feed, login.user);
  content.append(view.element);
  let asked = false;
  feed.addEventListener("state", () => {
    if (!asked && feed.state) fetchNames(view, feed.state.session);
    asked = true;
    view.soon();
  });
  feed.addEventListener("link", () => {
    const { phase, code } = feed.link.status;
    if (phase === "closed" && code === ENDS_LOGIN) signIn();
    view.soon();
  });
  feed.addEventListener("refused", () => {
    feed.stop();
    view.stop();
    sayOnly(t("live.forbidden"));
  });
  onWake((urgent) => feed.link.wake(urgent));
  setInterval(async () => {
    const before = api.token;
    await api.keepFresh();
    if (api.token && api.token !== before) feed.renewed(api.token);
  }, KEEP_FRESH_MS);
  view.start();
  feed.start();
  setAttribute(document.documentElement, "data-ready", "");
}

begin();
