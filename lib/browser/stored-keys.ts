// Private keys that this browser keeps for its person (IndexedDB): armored, locked with their passphrase, never open. Nothing here can
// open one; the signing worker does, for one signature. Trusts the caller for the lock: only keys from lib/browser/make-key.ts come here.
// A browser that keeps nothing (private window) is refused in words when storing, and simply has no keys when asked.
import { refuse } from '#lib/core/errors.ts';

export type StoredKey = { fingerprint: string; userId: string; privateKey: string; storedAt: number };

const databaseName = 'countersign-keys';
const storeName = 'locked-keys';

/** Keeps a locked key; one of the same fingerprint is replaced. Refuses `stored-key.no-room`. */
export async function storeKey(key: StoredKey): Promise<void> {
  try {
    await inStore('readwrite', (store) => store.put(key));
  } catch (cause) {
    throw refuse('stored-key.no-room', {}, cause);
  }
  // Asks the browser not to clear it for want of space; a no changes nothing.
  await navigator.storage?.persist?.().catch(() => false);
}

/** All keys of this browser, newest first; none where it keeps no data. */
export async function storedKeys(): Promise<StoredKey[]> {
  try {
    const keys = await inStore<StoredKey[]>('readonly', (store) => store.getAll());
    return keys.sort((one, other) => other.storedAt - one.storedAt);
  } catch {
    return []; // the other ways to sign are still there
  }
}

/** Takes a key out of this browser; the backup file and the account know nothing of it. */
export async function forgetStoredKey(fingerprint: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(fingerprint));
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const database = await open();
  try {
    const transaction = database.transaction(storeName, mode);
    const request = work(transaction.objectStore(storeName));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('The browser gave up the transaction.'));
    });
    return request.result;
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(storeName, { keyPath: 'fingerprint' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('The browser opens no database.'));
  });
}
