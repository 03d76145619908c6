/**
 * Where the outbox survives a reload, a crash and a closed tab: IndexedDB, one row an operation,
 * found by student and session. Without IndexedDB (private windows of some browsers) it lives in
 * memory, and the page goes on.
 *
 * @typedef {import("./outbox.js").Entry} Entry
 */

const DATABASE = "monitor";
const ROWS = "operations";
const BY_PLACE = "place";

export class OutboxStore {
  /**
   * @param {string} place whose operations these are, e.g. `<student id>|<session id>`
   * @param {IDBFactory | undefined} [factory]
   */
  constructor(place, factory = globalThis.indexedDB) {
    this.place = place;
    /** @type {Promise<IDBDatabase | null>} */
    this.database = open(factory).catch(() => null);
  }

  /** @returns {Promise<Entry[]>} what was left, oldest first */
  async load() {
    const rows = await this.run("readonly", (store) => store.index(BY_PLACE).getAll(this.place));
    return (rows ?? [])
      .map(({ place: _, ...entry }) => ({ ...entry, seq: null }))
      .sort((a, b) => a.order - b.order);
  }

  /** @param {Entry} entry */
  async put({ seq: _, ...entry }) {
    await this.run("readwrite", (store) => store.put({ ...entry, place: this.place }));
  }

  /** @param {Entry[]} entries */
  async remove(entries) {
    if (entries.length === 0) return;
    await this.run("readwrite", (store) => {
      for (const { id } of entries) store.delete(id);
      return null;
    });
  }

  async close() {
    (await this.database)?.close();
  }

  /**
   * One transaction; a failure of storage never stops the work, the operation is still in memory.
   * @param {IDBTransactionMode} mode
   * @param {(store: IDBObjectStore) => IDBRequest | null} work
   * @returns {Promise<any>}
   */
  async run(mode, work) {
    const database = await this.database;
    if (database === null) return undefined;
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(ROWS, mode);
        const request = work(transaction.objectStore(ROWS));
        transaction.oncomplete = () => resolve(request?.result);
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () => reject(transaction.error);
      });
    } catch {
      return undefined;
    }
  }
}

/**
 * @param {IDBFactory | undefined} factory
 * @returns {Promise<IDBDatabase>}
 */
function open(factory) {
  return new Promise((resolve, reject) => {
    if (!factory) {
      reject(new Error("this browser has no IndexedDB"));
      return;
    }
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(ROWS, { keyPath: "id" }).createIndex(BY_PLACE, BY_PLACE);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("IndexedDB is blocked"));
  });
}
