import type { Assist, Hex, WorkRecord } from '@tagger/protocol'
import type { Store } from '../store.ts'

type Act = {
  [Kind in WorkRecord['kind']]: Pick<WorkRecord & { kind: Kind }, 'kind' | 'body'>
}[WorkRecord['kind']]

/** A record before the node gave a receipt for it: what it says, without its place in the chain. */
export type PendingRecord = Act & {
  /** Name on this device. */
  id: string
  item: Hex
  task: string
  /** Replaces an earlier record of the same item and kind. */
  isRevision: boolean
  assist: Assist | null
  startedAt: number
  endedAt: number
  /** Milliseconds since epoch when it was queued. */
  queuedAt: number
  /** Where it was put when it was last sent: tells after a crash whether it arrived. */
  sentAs: { seq: number; link: Hex } | null
  /** Set when the node refused this very record; it is kept until dismissed. */
  refused: { code: string; message: string; hints: readonly string[] } | null
}

/** Holds records until they are receipted. An app passes one that survives a crash. */
export interface PendingStore {
  load(key: string): Promise<PendingRecord[]>
  /** Adds records or replaces those with the same id. */
  put(key: string, records: readonly PendingRecord[]): Promise<void>
  remove(key: string, ids: readonly string[]): Promise<void>
}

/** Holds them until the program ends. */
export function memoryPending(): PendingStore {
  const lists = new Map<string, Map<string, PendingRecord>>()
  const listOf = (key: string) => {
    const list = lists.get(key) ?? new Map<string, PendingRecord>()
    lists.set(key, list)
    return list
  }
  return {
    load: async (key) => [...listOf(key).values()],
    put: async (key, records) => {
      for (const record of records) listOf(key).set(record.id, record)
    },
    remove: async (key, ids) => {
      for (const id of ids) listOf(key).delete(id)
    },
  }
}

/** Holds them in a {@link Store}, as JSON: made for the few records a person has open. */
export function storedPending(store: Store): PendingStore {
  const load = async (key: string) => JSON.parse((await store.get(key)) ?? '[]') as PendingRecord[]
  // One change after the other: two at once would undo each other.
  let queue: Promise<unknown> = Promise.resolve()
  const change = (key: string, edit: (records: PendingRecord[]) => PendingRecord[]) => {
    const done = queue.then(async () => {
      const records = edit(await load(key))
      await (records.length === 0 ? store.remove(key) : store.set(key, JSON.stringify(records)))
    })
    queue = done.catch(() => undefined)
    return done
  }
  return {
    load,
    put: (key, records) =>
      change(key, (held) => {
        const byId = new Map(held.map((record) => [record.id, record]))
        for (const record of records) byId.set(record.id, record)
        return [...byId.values()]
      }),
    remove: (key, ids) => change(key, (held) => held.filter((record) => !ids.includes(record.id))),
  }
}
