/**
 * A student's state, as a pure reducer over the server's messages, with what is still in the outbox
 * laid over it. The server does not echo what the student did: an acknowledged operation is folded
 * into the state by `settled`.
 *
 * @typedef {import("./outbox.js").Entry} Entry
 * @typedef {import("./outbox.js").Operation} Operation
 * @typedef {{session: any, attempt: any, test: any, messages: any[], epoch: string | null,
 *   heartbeatSeconds: number, connectionId: string | null, savedAt: string | null}} State
 */

/** @type {State} */
export const EMPTY = Object.freeze({
  session: null,
  attempt: null,
  test: null,
  messages: [],
  epoch: null,
  heartbeatSeconds: 5,
  connectionId: null,
  savedAt: null,
});

/**
 * @param {State} state
 * @param {any} message from the server
 * @returns {State}
 */
export function reduce(state, message) {
  switch (message.type) {
    case "joined":
      return {
        ...state,
        session: message.session,
        attempt: message.attempt,
        test: message.test ?? state.test,
        messages: message.messages,
        epoch: message.epoch,
        heartbeatSeconds: message.heartbeat_seconds,
        connectionId: message.connection_id,
        savedAt: message.attempt.last_saved_at,
      };
    case "session":
      return { ...state, session: message.session };
    case "attempt":
      return { ...state, attempt: message.attempt };
    case "test":
      return { ...state, test: message.test };
    case "message": {
      if (state.messages.some(({ id }) => id === message.id)) return state;
      const { id, text, sent_at } = message;
      return { ...state, messages: [...state.messages, { id, text, sent_at, read: false }] };
    }
    default:
      return state;
  }
}

/**
 * Operations the server has acknowledged become part of the state.
 * @param {State} state
 * @param {Operation[]} operations in their order
 * @param {string} serverTime of the ack
 * @returns {State}
 */
export function settled(state, operations, serverTime) {
  const work = operations.filter(({ type }) => SAVED.has(type));
  return {
    ...state,
    attempt: operations.reduce((attempt, op) => fold(attempt, op, serverTime), state.attempt),
    messages: markRead(state.messages, operations),
    savedAt: work.length > 0 ? serverTime : state.savedAt,
  };
}

/**
 * What the student sees: the state with all that is waiting in the outbox.
 * @param {State} state
 * @param {Entry[]} entries
 * @returns {State}
 */
export function overlaid(state, entries) {
  if (entries.length === 0 || !state.attempt) return state;
  const operations = entries.map(({ op }) => op).filter(({ type }) => type !== "submit");
  return {
    ...state,
    attempt: operations.reduce((attempt, op) => fold(attempt, op, null), state.attempt),
    messages: markRead(state.messages, operations),
  };
}

/**
 * An `attempt` may have been read just before the latest acknowledged work was written: lay that
 * work over it again. Answers keep their order by time, so nothing newer is covered.
 * @param {State} state
 * @param {{op: Operation, serverTime: string}[]} recent
 * @returns {State}
 */
export function refolded(state, recent) {
  const attempt = recent
    .filter(({ op }) => SAVED.has(op.type))
    .reduce((folded, { op, serverTime }) => fold(folded, op, serverTime), state.attempt);
  return { ...state, attempt };
}

const SAVED = new Set(["answer", "highlight", "remove_highlight", "submit"]);

/**
 * @param {any} attempt
 * @param {Operation} op
 * @param {string | null} serverTime null: not settled yet
 */
function fold(attempt, op, serverTime) {
  if (!attempt) return attempt;
  switch (op.type) {
    case "answer": {
      const id = /** @type {string} */ (op.question_id);
      const { value } = op;
      const told = /** @type {string} */ (op.answered_at);
      const given = serverTime && Date.parse(told) > Date.parse(serverTime) ? serverTime : told;
      const stored = attempt.answers[id];
      // A later answer from elsewhere has won, and the server has told us so already.
      if (serverTime && stored && Date.parse(stored.answered_at) > Date.parse(given)) return attempt;
      return { ...attempt, answers: { ...attempt.answers, [id]: { value, answered_at: given } } };
    }
    case "highlight": {
      const highlight = /** @type {{id: string}} */ (op.highlight);
      const others = attempt.highlighted_text.filter(({ id }) => id !== highlight.id);
      return { ...attempt, highlighted_text: [...others, highlight] };
    }
    case "remove_highlight": {
      const rest = attempt.highlighted_text.filter(({ id }) => id !== op.id);
      return { ...attempt, highlighted_text: rest };
    }
    case "raise_hand":
      return { ...attempt, hand_raised_at: serverTime ?? "", hand_text: op.text ?? null };
    case "lower_hand":
      return { ...attempt, hand_raised_at: null, hand_text: null };
    case "submit":
      if (attempt.status === "SUBMITTED") return attempt;
      if (serverTime && attempt.reopened_at && attempt.reopened_at > serverTime) return attempt;
      return { ...attempt, status: "SUBMITTED", submitted_by: "student", submitted_at: serverTime };
    default:
      return attempt;
  }
}

/**
 * @param {any[]} messages
 * @param {Operation[]} operations
 */
function markRead(messages, operations) {
  const read = new Set(operations.filter(({ type }) => type === "read").map((op) => op.message_id));
  if (read.size === 0) return messages;
  return messages.map((item) => (read.has(item.id) ? { ...item, read: true } : item));
}

/**
 * Whether a value counts as an answer (not null, "" or []).
 * @param {unknown} value
 */
export function isAnswered(value) {
  return value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}
