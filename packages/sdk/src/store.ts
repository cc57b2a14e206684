/** Small texts kept between visits: login tokens, unsent records, one-time keys, receipts. */
export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  remove(key: string): Promise<void>
  /** Keys that begin like this, in code-point order. */
  keys(prefix: string): Promise<string[]>
}

/** Keeps everything until the program ends. */
export function memoryStore(): Store {
  const entries = new Map<string, string>()
  return {
    get: async (key) => entries.get(key) ?? null,
    set: async (key, value) => {
      entries.set(key, value)
    },
    remove: async (key) => {
      entries.delete(key)
    },
    keys: async (prefix) => beginningWith(prefix, entries.keys()),
  }
}

/** Keeps everything in the browser, readable by pages of this origin only; some five million characters. */
export function localStorageStore(prefix = 'tagger:'): Store {
  return {
    get: async (key) => localStorage.getItem(prefix + key),
    set: async (key, value) => localStorage.setItem(prefix + key, value),
    remove: async (key) => localStorage.removeItem(prefix + key),
    keys: async (start) =>
      beginningWith(prefix + start, Object.keys(localStorage)).map((key) => key.slice(prefix.length)),
  }
}

/** Keeps everything in the browser's IndexedDB, readable by pages of this origin only: for what grows with the work. */
export function browserStore(database: string): Store {
  let opened: Promise<IDBDatabase> | null = null
  const table = async (mode: IDBTransactionMode) => {
    opened ??= open(database)
    return (await opened).transaction('texts', mode).objectStore('texts')
  }
  return {
    get: async (key) => ((await settle((await table('readonly')).get(key))) as string | undefined) ?? null,
    set: async (key, value) => {
      await settle((await table('readwrite')).put(value, key))
    },
    remove: async (key) => {
      await settle((await table('readwrite')).delete(key))
    },
    keys: async (prefix) =>
      beginningWith(prefix, (await settle((await table('readonly')).getAllKeys())) as string[]),
  }
}

function beginningWith(prefix: string, keys: Iterable<string>): string[] {
  return [...keys].filter((key) => key.startsWith(prefix)).sort()
}

function open(database: string): Promise<IDBDatabase> {
  const request = indexedDB.open(database, 1)
  request.onupgradeneeded = () => request.result.createObjectStore('texts')
  return settle(request)
}

function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}
