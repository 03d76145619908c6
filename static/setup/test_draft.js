/**
 * A test while it is being written: pure. Ids are made once and stay, so that moving a question does
 * not make it another one.
 */

export const TYPES = ["single_choice", "multiple_choice", "text", "number"];
const WITH_CHOICES = ["single_choice", "multiple_choice"];

/** @param {string} type */
export function hasChoices(type) {
  return WITH_CHOICES.includes(type);
}

/**
 * The first id of the kind that is free: `q1`, `q2`, …
 * @param {string} prefix
 * @param {{id: string}[]} taken
 */
export function freeId(prefix, taken) {
  const ids = new Set(taken.map(({ id }) => id));
  let number = taken.length + 1;
  while (ids.has(`${prefix}${number}`)) number += 1;
  return `${prefix}${number}`;
}

/** @param {{questions: any[]}} draft */
export function newQuestion({ questions }) {
  const last = questions.at(-1);
  const choices = [
    { id: "c1", text: "" },
    { id: "c2", text: "" },
  ];
  return { id: freeId("q", questions), type: last?.type ?? "single_choice", prompt: "", choices, passage_id: last?.passage_id ?? null };
}

/**
 * What is wrong with it, by the place that it is wrong at.
 * @param {{title: string, passages: any[], questions: any[]}} draft
 * @returns {Map<string, string>} place (`title`, `questions.<id>.prompt`, …) → key of the words
 */
export function problems(draft) {
  const found = new Map();
  const need = (/** @type {string} */ place, /** @type {string} */ text) => {
    if (text.trim() === "") found.set(place, "sittings.new.missing");
  };
  need("title", draft.title);
  for (const passage of draft.passages) need(`passages.${passage.id}.text`, passage.text);
  for (const { id, type, prompt, choices } of draft.questions) {
    need(`questions.${id}.prompt`, prompt);
    if (!hasChoices(type)) continue;
    const written = choices.filter((/** @type {any} */ choice) => choice.text.trim() !== "");
    if (written.length < 2) found.set(`questions.${id}.choices`, "setup.test.choices.few");
  }
  return found;
}

/**
 * What is sent: without empty choices, and without choices where the type has none.
 * @param {{title: string, passages: any[], questions: any[]}} draft
 */
export function toSend({ title, passages, questions }) {
  return {
    title: title.trim(),
    passages,
    questions: questions.map(({ id, type, prompt, choices, passage_id }) => ({
      id,
      type,
      prompt,
      passage_id,
      choices: hasChoices(type) ? choices.filter((/** @type {any} */ choice) => choice.text.trim() !== "") : [],
    })),
  };
}

/**
 * Move an item up (-1) or down (+1); at the end it stays.
 * @template T
 * @param {T[]} items
 * @param {number} at
 * @param {number} by
 * @returns {T[]} a new list
 */
export function moved(items, at, by) {
  const to = at + by;
  if (to < 0 || to >= items.length) return [...items];
  const next = [...items];
  [next[at], next[to]] = [next[to], next[at]];
  return next;
}

/** Without a passage; questions about it are about none. @param {any} draft @param {string} id */
export function withoutPassage(draft, id) {
  return {
    ...draft,
    passages: draft.passages.filter((/** @type {any} */ one) => one.id !== id),
    questions: draft.questions.map((/** @type {any} */ one) => (one.passage_id === id ? { ...one, passage_id: null } : one)),
  };
}
