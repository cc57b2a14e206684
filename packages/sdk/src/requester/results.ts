import type { Hex } from '@tagger/protocol'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
import { sleep } from '../clock.ts'
import type { Link } from '../connection.ts'

export type CampaignResult = ResponseOf<Endpoints['listResults']>['data'][number]

export interface ResultOptions {
  /** Keep going with what batches to come bring, until the campaign is closed. */
  follow?: boolean
  /** Between two looks. */
  everyMilliseconds?: number
  signal?: AbortSignal
}

const PAGE = 500

/** Every final result of a campaign once. */
export async function* listResults(
  link: Link,
  id: Hex,
  { follow = false, everyMilliseconds = 1_000, signal }: ResultOptions = {},
): AsyncGenerator<CampaignResult> {
  const seen = new Set<Hex>()
  for (;;) {
    // Asked before the results: whatever the closing batch brought is in them.
    const { status } = await link.api.getCampaign({ params: { id } })
    let cursor: string | undefined
    do {
      const page = await link.api.listResults({ params: { id }, query: { cursor, limit: PAGE } }, { signal })
      for (const result of page.data) {
        if (seen.has(result.item)) continue
        seen.add(result.item)
        yield result
      }
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    if (!follow || status === 'closed') return
    await sleep(everyMilliseconds, signal)
  }
}
