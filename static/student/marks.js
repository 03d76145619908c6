/** What a student marks for themselves, on this tab only: flags, and the question they were at. */

export class Marks {
  /**
   * @param {string} attemptId
   * @param {string} studentId
   * @param {Storage} [storage]
   */
  constructor(attemptId, studentId, storage = sessionStorage) {
    this.storage = storage;
    this.key = `monitor.marks.${studentId}|${attemptId}`;
    let kept = null;
    try {
      kept = JSON.parse(storage.getItem(this.key) ?? "null");
    } catch {
      // Nothing that was ours.
    }
    /** @type {Set<string>} */
    this.flagged = new Set(kept?.flagged ?? []);
    /** @type {string | null} */
    this.at = kept?.current ?? null;
  }

  get current() {
    return this.at;
  }

  set current(questionId) {
    this.at = questionId;
    this.keep();
  }

  /** @param {string} questionId */
  toggle(questionId) {
    if (!this.flagged.delete(questionId)) this.flagged.add(questionId);
    this.keep();
  }

  keep() {
    this.storage.setItem(this.key, JSON.stringify({ flagged: [...this.flagged], current: this.at }));
  }
}
