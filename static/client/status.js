/**
 * What a link's state means to a student.
 *
 * @param {import("./link.js").Status} status
 * @returns {import("./client.js").Connection}
 */
export function connectionOf({ phase, code, failures }) {
  if (phase === "open") return "online";
  if (phase === "closed") return code === null ? "connecting" : (ENDS[code] ?? "failed");
  if (code === 4003) return "not_open";
  return failures === 0 ? "connecting" : "offline";
}

/** @type {Record<number, import("./client.js").Connection>} */
const ENDS = { 4500: "signed_out", 4503: "over", 4505: "replaced", 4507: "forbidden" };
