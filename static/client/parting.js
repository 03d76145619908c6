/**
 * Work that no connection carries any more goes by REST, without a claim to the place: answers given
 * before still count by their time. What is sent twice counts once.
 *
 * @typedef {{url: string, token: string, attemptId: string}} Where
 */

/** The most a browser lets a page that is being closed send after itself is 64 KiB. */
export const LAST_WORDS_BYTES = 60_000;
const PER_REQUEST = 200;

/**
 * @param {Where} where
 * @param {object[]} operations at most 200
 * @param {RequestInit} [how]
 */
function request({ url, token, attemptId }, operations, how = {}) {
  return fetch(`${url}/api/attempts/${attemptId}/operations`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: JSON.stringify({ operations }),
    ...how,
  });
}

/**
 * @param {Where} where
 * @param {object[]} operations numbered; the first 200 are sent
 * @returns {Promise<any>} what the server answered; null if it did not take them
 */
export async function sendRemaining(where, operations) {
  try {
    const response = await request(where, operations.slice(0, PER_REQUEST));
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

/**
 * Send what is still here while the page goes away. Nobody hears the answer: it all stays in the
 * outbox too, for the next time.
 * @param {Where} where
 * @param {import("./outbox.js").Operation[]} operations
 */
export function sendLastWords(where, operations) {
  const fitting = lastWords(operations);
  if (fitting.length > 0) request(where, fitting, { keepalive: true }).catch(() => null);
}

/**
 * Numbered, as many as a closing page may send. Answers only, which count by their time however late
 * they arrive; and a hand-in when nothing else is left: it waits until all before it is acknowledged.
 * @param {import("./outbox.js").Operation[]} operations in their order
 * @param {number} [bytes]
 */
export function lastWords(operations, bytes = LAST_WORDS_BYTES) {
  const chosen = operations.filter(({ type }) => type === "answer" || (type === "submit" && operations.length === 1));
  let left = bytes;
  const messages = [];
  for (const op of chosen) {
    const message = { ...op, seq: messages.length + 1 };
    const size = sizeOf(message) + 1;
    if (size > left || messages.length === PER_REQUEST) continue;
    left -= size;
    messages.push(message);
  }
  return messages;
}

/** @param {object} message @returns {number} bytes on the wire */
export function sizeOf(message) {
  return new TextEncoder().encode(JSON.stringify(message)).length;
}
