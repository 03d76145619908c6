/**
 * Monitor's student client, for our own page and for any other that embeds it.
 *
 *     import { connect } from "https://monitor.example/static/client/index.js";
 *
 *     const client = connect({ url: "https://monitor.example", token, sessionId, studentId });
 *     client.addEventListener("change", () => render(client.state, client.status));
 *     client.answer("q1", "b");
 *
 * See `client.js` for what it offers and promises.
 */

import { Client } from "./client.js";

export { isAnswered } from "./state.js";

/**
 * Take a student's place in a sitting and keep it.
 * @param {import("./client.js").Options} options
 * @returns {Client}
 */
export function connect(options) {
  const client = new Client(options);
  client.start();
  return client;
}
