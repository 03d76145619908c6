/**
 * A tab at a shared computer keeps nothing of an earlier pupil: neither where they were nor what they
 * had flagged. What they could not send stays in the outbox, which is found by their id only.
 *
 * @param {Storage} storage the tab's
 * @param {string | null} studentId who is there now
 */
export function tidy(storage, studentId) {
  const keys = Array.from({ length: storage.length }, (_, i) => storage.key(i) ?? "");
  for (const key of keys) {
    const [, owner] = key.match(/^monitor\.(?:marks|connection|attempt)\.(.*)\|/) ?? [];
    if (owner !== undefined && owner !== studentId) storage.removeItem(key);
  }
}
