import type { Head, Hex } from '@tagger/protocol'
import type { Api } from '../http/api.ts'
import type { PendingRecord } from './pending.ts'
import { actKey, type FirstSeqs } from './records.ts'

/** Which pending records the chain holds already, because the answer of the node was lost or a program ended. */
export async function findArrived(
  api: Api,
  campaignId: Hex,
  head: Head,
  waiting: readonly PendingRecord[],
): Promise<{ record: PendingRecord; seq: number }[]> {
  const sent = waiting.flatMap((record) =>
    record.sentAs === null || record.sentAs.seq > head.count ? [] : [{ record, ...record.sentAs }],
  )
  if (sent.length === 0) return []
  // The common case: the head is one of ours, so everything up to it is ours.
  const own = sent.find(({ link }) => link === head.link)
  if (own !== undefined) return sent.filter(({ seq }) => seq <= own.seq)
  const least = Math.min(...sent.map(({ seq }) => seq))
  const held = new Map<number, string>()
  for await (const record of ownRecords(api, campaignId)) {
    if (record.seq < least) break
    held.set(record.seq, actKey(record))
  }
  return sent.filter(({ record, seq }) => held.get(seq) === actKey(record))
}

/** Learns from the node which record of an item and kind came first. */
export async function fetchFirstSeqs(api: Api, campaignId: Hex, firstSeqs: FirstSeqs): Promise<void> {
  for await (const record of ownRecords(api, campaignId)) {
    const key = actKey(record)
    firstSeqs.set(key, Math.min(record.seq, firstSeqs.get(key) ?? record.seq))
  }
}

/** The caller's records of one campaign, newest first. */
async function* ownRecords(api: Api, campaignId: Hex) {
  let cursor: string | undefined
  do {
    const page = await api.listOwnRecords({ query: { campaignId, cursor, limit: 500 } })
    yield* page.data
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}
