// Where this browser keeps its own keys: IndexedDB, which stores a non-extractable CryptoKey as what it is, a handle without readable bytes.
// What it trusts: the browser. It lies on the disk in the profile, without passphrase and without backup; whoever reads the disk reads it.
// Only public facts and the handle are kept. Refuses `device.no-storage` where the browser stores nothing (private windows, full disks).
import { refuse } from '#lib/core/errors.ts';
import type { DeviceKey } from './device-key.ts';

/** A stored key; `account` is whose it is, since several people may use one browser profile. */
export type StoredDeviceKey = DeviceKey & { account: string; userId: string; madeAt: number };

const database = 'countersign-device-keys';
const table = 'keys';

/** Keeps a key, and asks the browser not to clear it away when space gets short. */
export async function keepDeviceKey(key: StoredDeviceKey): Promise<void> {
  await inStore('readwrite', (store) => store.put(key));
  await navigator.storage?.persist?.().catch(() => false);
}

/** All keys of this browser; none where nothing can be stored. Never refuses: a page without them is still a page. */
export async function listDeviceKeys(): Promise<StoredDeviceKey[]> {
  if (!globalThis.isSecureContext || !('indexedDB' in globalThis)) return [];
  return inStore('readonly', (store): IDBRequest<StoredDeviceKey[]> => store.getAll()).catch(() => []);
}

/** Ends a key in this browser, for good: nothing can bring it back. One that is not there is no fault. */
export async function dropDeviceKey(fingerprint: string): Promise<void> {
  await inStore('readwrite', (store) => store.delete(fingerprint));
}

async function inStore<T>(mode: IDBTransactionMode, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  try {
    const db = await open();
    try {
      const transaction = db.transaction(table, mode);
      const [answer] = await Promise.all([settled(ask(transaction.objectStore(table))), finished(transaction)]);
      return answer;
    } finally {
      db.close();
    }
  } catch (fault) {
    throw refuse('device.no-storage', {}, fault);
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(table, { keyPath: 'fingerprint' });
  return settled(request);
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB gave no reason'));
  });
}

// A write is kept when its transaction is through, not when its request is.
function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave no reason'));
  });
}
