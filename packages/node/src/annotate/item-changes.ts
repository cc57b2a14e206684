import type { Hex, Intake } from '@tagger/protocol'
import type { ItemChange } from './queries.ts'

/** What accepted records do to their items, one change per item. */
export function changesOf({ accepted }: Pick<Intake, 'accepted'>): ItemChange[] {
  const changes = new Map<Hex, ItemChange>()
  for (const { record, isRevision } of accepted) {
    const { item, kind } = record
    let change = changes.get(item)
    if (change === undefined) {
      change = { item, annotations: 0, reviews: 0, leases: 0, submitted: false, revised: false }
      changes.set(item, change)
    }
    if (isRevision) {
      change.revised = true
      continue
    }
    if (kind === 'annotation') change.annotations++
    if (kind === 'review') change.reviews++
    if (kind === 'submission') change.submitted = true
    else change.leases++
  }
  return [...changes.values()]
}
