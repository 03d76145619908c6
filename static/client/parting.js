/**
 * A connection that was replaced sends nothing more, but answers given before it still count by
 * their time: they go by REST, without a claim to the place.
 *
 * @param {{url: string, token: string, attemptId: string, operations: object[]}} what
 * @param {typeof fetch} [fetcher]
 * @returns {Promise<any>} what the server answered; null if it could not be reached
 */
export async function sendRemaining({ url, token, attemptId, operations }, fetcher = globalThis.fetch.bind(globalThis)) {
  try {
    const response = await fetcher(`${url}/api/attempts/${attemptId}/operations`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
      body: JSON.stringify({ client_time: new Date().toISOString(), operations }),
    });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}
