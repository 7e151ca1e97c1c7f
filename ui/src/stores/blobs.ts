// Files that are to be sent, in this browser's database, so that a reload does not lose a photo. Where there is no such
// database (a private window) the page holds them alone.

const name = 'pinyue-files';
const table = 'files';

function open(): Promise<IDBDatabase | null> {
  return new Promise((resolve) => {
    try {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(table);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => resolve(null);
      asked.onblocked = () => resolve(null);
    } catch {
      resolve(null);
    }
  });
}

async function ask<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  const database = await open();
  if (!database) {
    return null;
  }
  return new Promise((resolve) => {
    try {
      const transaction = database.transaction(table, mode);
      const asked = work(transaction.objectStore(table));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = () => resolve(null);
      transaction.onabort = () => resolve(null);
    } catch {
      resolve(null);
    }
  }).then((found) => {
    database.close();
    return found as T | null;
  });
}

export async function keepBlob(key: string, blob: Blob): Promise<void> {
  await ask('readwrite', (store) => store.put(blob, key));
}

export async function readBlob(key: string): Promise<Blob | null> {
  const found = await ask<unknown>('readonly', (store) => store.get(key) as IDBRequest<unknown>);
  return found instanceof Blob ? found : null;
}

export async function dropBlob(key: string): Promise<void> {
  await ask('readwrite', (store) => store.delete(key));
}
