/** Small texts kept between visits: login tokens, unsent records, one-time keys. */
export interface Store {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  remove(key: string): Promise<void>
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
  }
}

/** Keeps everything in the browser, readable by pages of this origin only. */
export function localStorageStore(prefix = 'tagger:'): Store {
  return {
    get: async (key) => localStorage.getItem(prefix + key),
    set: async (key, value) => localStorage.setItem(prefix + key, value),
    remove: async (key) => localStorage.removeItem(prefix + key),
  }
}
