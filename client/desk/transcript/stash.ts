// What is typed and not yet in the database lies here, in this browser, so that neither a lost connection nor a closed
// window loses it.
import type { Row } from "./model";

/** The unsaved rows of one window. */
export interface Stash {
  tab: string;
  recording: string;
  base: number;
  generation: number;
  rows: { row: Row; after: string | null }[];
  gone: string[];
}

const STORE = "unsaved";
let opened: Promise<IDBDatabase> | undefined;

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("onrecord-transcripts", 1);
    request.addEventListener("upgradeneeded", () =>
      request.result.createObjectStore(STORE, { keyPath: "tab" }),
    );
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error));
  });
  return opened;
}

async function run<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await database()).transaction(STORE, mode);
  const request = act(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve(request.result));
    transaction.addEventListener("error", () => reject(transaction.error));
    transaction.addEventListener("abort", () => reject(transaction.error));
  });
}

/** Keep what is not saved; in place of what the same window kept before. */
export async function keep(stash: Stash): Promise<void> {
  await run("readwrite", (store) => store.put(stash));
}

/** Everything of this window is saved. */
export async function forget(tab: string): Promise<void> {
  await run("readwrite", (store) => store.delete(tab));
}

/**
 * What a window that is gone left unsaved for this recording. A window holds a lock under its name while it is open;
 * whoever takes a stash over takes the name as well.
 */
export async function leftBehind(recording: string): Promise<Stash | undefined> {
  const all = await run("readonly", (store) => store.getAll() as IDBRequest<Stash[]>);
  for (const stash of all.filter((one) => one.recording === recording)) {
    if (await claim(stash.tab)) return stash;
  }
  return undefined;
}

/** Take the name of a window; false when a window that is open has it. */
export function claim(tab: string): Promise<boolean> {
  if (!("locks" in navigator)) return Promise.resolve(true);
  return new Promise((resolve) => {
    void navigator.locks.request(`onrecord-${tab}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise<void>(() => undefined) : undefined;
    });
  });
}
