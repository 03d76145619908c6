/**
 * The smallest page that gives a test of a Monitor on another address: sign in, answer, hand in.
 * Everything that must not get lost is the client's business; this page only shows and asks.
 */

const form = document.querySelector("#sign-in");
const problem = document.querySelector("#problem");
const status = document.querySelector("#status");
const place = document.querySelector("#test");
const KEPT = "example.login";

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  try {
    await signIn(new URL(form.server.value).origin, form.code.value);
  } catch (error) {
    problem.textContent = error.message;
  }
});

/** A code of a card becomes a token, which the tab keeps over a reload. */
async function signIn(url, code) {
  const response = await fetch(`${url}/api/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ link: code }),
  }).catch(() => {
    throw new Error(notAllowed(url));
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail ?? answer.title);
  const login = { url, token: answer.access_token, sessionId: answer.session_id };
  sessionStorage.setItem(KEPT, JSON.stringify(login));
  await take(login);
}

/** A browser tells a page no more than that it was refused; there are two reasons for it. */
function notAllowed(url) {
  return `Monitor at ${url} cannot be used from here: it is not running, or this page's address, ${location.origin}, is not in its MONITOR_ALLOWED_ORIGINS.`;
}

async function take({ url, token, sessionId }) {
  const { connect } = await import(`${url}/static/client/index.js`).catch(() => {
    throw new Error(notAllowed(url));
  });
  form.hidden = true;
  const client = connect({ url, token, sessionId });
  client.addEventListener("change", () => show(client));
  client.addEventListener("message", ({ detail }) => alertLine(`Your teacher: ${detail.text}`));
  client.addEventListener("refused", ({ detail }) => alertLine(`Not taken: ${detail.message}`));
}

function alertLine(text) {
  problem.textContent = text;
}

/** Called at every change; only what is missing is made. */
function show(client) {
  const { state } = client;
  status.textContent = line(client);
  const open = state.session?.status === "IN_PROGRESS" && state.attempt?.status === "IN_PROGRESS";
  place.hidden = !open || !state.test;
  if (place.hidden) return;
  if (!place.hasChildNodes()) build(client, state.test);
  for (const question of state.test.questions) fill(question, state.attempt.answers[question.id]?.value ?? null);
}

function line({ state, status: { connection, reason, unsaved, savedAt, handingIn } }) {
  if (state.attempt?.status === "SUBMITTED") return "Handed in.";
  if (connection === "offline") return `Offline. ${unsaved} not sent yet; kept on this device.`;
  if (connection !== "online") return reason ?? `${connection}…`;
  if (state.session.status !== "IN_PROGRESS") return "The teacher will start the test.";
  if (handingIn) return "Handing in…";
  if (unsaved > 0) return "Saving…";
  return savedAt ? `Saved ${new Date(savedAt).toLocaleTimeString("en-GB")}` : "Connected.";
}

function build(client, test) {
  for (const question of test.questions) place.append(asked(client, question));
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Hand in" });
  button.addEventListener("click", () => client.handIn());
  place.append(button);
}

function asked(client, { id, type, prompt, choices }) {
  const box = document.createElement("fieldset");
  box.append(Object.assign(document.createElement("legend"), { textContent: prompt }));
  if (choices?.length) {
    for (const choice of choices) {
      const input = Object.assign(document.createElement("input"), { type: type === "single_choice" ? "radio" : "checkbox", name: id, value: choice.id });
      const label = document.createElement("label");
      label.append(input, ` ${choice.text}`);
      box.append(label);
    }
    box.addEventListener("change", () => {
      const picked = [...box.querySelectorAll(":checked")].map(({ value }) => value);
      client.answer(id, type === "single_choice" ? picked[0] : picked);
    });
  } else {
    const input = document.createElement(type === "text" ? "textarea" : "input");
    if (type === "number") Object.assign(input, { type: "number", step: "any" });
    input.name = id;
    input.setAttribute("aria-label", prompt);
    const value = () => (type === "number" ? (input.value === "" ? null : Number(input.value)) : input.value);
    input.addEventListener("input", () => client.answer(id, value(), 400));
    box.append(input);
  }
  return box;
}

/** What another device wrote, or a reload restored, appears; what is being typed is in the state. */
function fill({ id }, value) {
  for (const input of document.querySelectorAll(`[name="${CSS.escape(id)}"]`)) {
    if (/radio|checkbox/.test(input.type)) input.checked = [value].flat().includes(input.value);
    else if (input.value !== String(value ?? "")) input.value = value ?? "";
  }
}

const kept = sessionStorage.getItem(KEPT);
if (kept) take(JSON.parse(kept)).catch((error) => alertLine(error.message));
