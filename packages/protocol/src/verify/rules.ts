import type { Crypto } from '../bytes/crypto.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { bodyChecker, labelsOf } from '../labeling/labels.ts'
import type { RecordKind, SettledRecord } from '../records/work-record.ts'
import type { Evidence } from '../settlement/bundle.ts'
import type { State } from '../settlement/state.ts'
import { isEligible } from '../spec/eligibility.ts'
import { isGoldCommitted, itemsRootOf } from '../spec/items.ts'
import type { Spec } from '../spec/spec.ts'
import type { Terms } from '../spec/terms.ts'
import { Fault } from './verdict.ts'

/** What one worker did with one item: a single kind of work, the first record of it. */
interface Work {
  kind: RecordKind
  first: number
}

/**
 * Checks the records a batch settles against the rules fixed before work began: who may do what, with which answers,
 * how often. `records` by account and seq; `isComplete` when none of them is erased. Returns the submissions by account,
 * these included.
 */
export function verifyRecords(
  records: readonly SettledRecord[],
  { spec, terms, submitted: before, isComplete }: RuleContext,
): ReadonlyMap<Address, number> {
  const checkBody = bodyChecker(spec)
  /** Of the account at hand, by item: records come account by account. */
  let works = new Map<Hex, Work>()
  let worker: Address | null = null
  const perItem: Record<RecordKind, Map<Hex, number>> = {
    submission: new Map(),
    annotation: new Map(),
    review: new Map(),
  }
  const submitted = new Map(before)
  for (const record of records) {
    const { account, seq, item, kind } = record
    const refuse = (message: string) => new Fault('record-invalid', message, { account, seq, item })
    try {
      checkBody(record)
    } catch (cause) {
      throw refuse((cause as Error).message)
    }
    if (!isEligible({ terms, spec }, account, kind)) throw refuse('This account may not do this work')
    if (account !== worker) {
      worker = account
      works = new Map()
    }
    const work = works.get(item)
    if (work !== undefined && work.kind !== kind) throw refuse('Nobody judges their own work')
    if (isComplete && record.revises !== (work?.first ?? null)) {
      throw refuse('A later record of the same work names the first one, and only a later one does')
    }
    if (work !== undefined) continue
    works.set(item, { kind, first: seq })
    if (count(perItem[kind], item) > mostPerItem(spec, kind)) {
      throw refuse('The rules ask for no more work of this kind on this item')
    }
    if (record.kind === 'submission') {
      const { mediaTypes, maxBytes, maxPerContributor } = spec.intake!
      const { mediaType, bytes } = record.body
      if (
        !mediaTypes.includes(mediaType) ||
        bytes > maxBytes ||
        count(submitted, account) > maxPerContributor
      ) {
        throw refuse('The rules do not take this submission')
      }
    }
  }
  if (spec.kind === 'annotate' || !isComplete) return submitted
  const orphan = records.find(({ item }) => !perItem.submission.has(item))
  if (orphan !== undefined) {
    throw new Fault('batch-invalid', 'Nobody submitted this item', { item: orphan.item })
  }
  return submitted
}

export interface RuleContext {
  spec: Spec
  terms: Terms
  /** Submissions settled in earlier batches, by account. */
  submitted: ReadonlyMap<Address, number>
  isComplete: boolean
}

/** Known answers were committed to before work began, and are opened with their item, once. */
export function verifyReveals(evidence: Evidence, spec: Spec, before: State, crypto: Crypto): void {
  const items = new Set(evidence.results.map(({ item }) => item))
  const known = new Set(before.gold.map(({ item }) => item))
  for (const reveal of evidence.reveals) {
    const { item, label } = reveal
    if (spec.gold === null || !isGoldCommitted(reveal, spec.gold.root, crypto)) {
      throw new Fault('gold-not-committed', 'This known answer was not committed to before work began', {
        item,
      })
    }
    if (!items.has(item) || known.has(item) || !labelsOf(spec).includes(label)) {
      throw new Fault('batch-invalid', 'This known answer is not one to be opened in this batch', { item })
    }
    known.add(item)
  }
}

/** Once as many items are settled as the spec commits to, they are those, and every known answer is open. */
export function verifyItems(spec: Spec, state: State, crypto: Crypto): void {
  const settled = state.results.length
  if (settled > (spec.items?.count ?? spec.intake!.maxItems)) {
    throw new Fault('batch-invalid', 'More items are settled than the rules allow', { root: 'items' })
  }
  if (spec.items === null || settled < spec.items.count) return
  const root = itemsRootOf(
    state.results.map(({ item }) => item),
    crypto,
  )
  if (root !== spec.items.root) {
    throw new Fault('batch-invalid', 'The settled items are not those the rules commit to', { root: 'items' })
  }
  if (state.gold.length !== (spec.gold?.count ?? 0)) {
    throw new Fault('batch-invalid', 'All items are settled, but not all known answers open', {
      root: 'gold',
    })
  }
}

function mostPerItem(spec: Spec, kind: RecordKind): number {
  return { annotation: spec.redundancy.max, review: spec.review.reviews, submission: 1 }[kind]
}

function count<Key>(counts: Map<Key, number>, key: Key): number {
  const next = (counts.get(key) ?? 0) + 1
  counts.set(key, next)
  return next
}
