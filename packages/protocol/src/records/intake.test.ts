import { expect, test } from 'vitest'
import type { Address, Hex } from '../bytes/hex.ts'
import { TaggerError } from '../errors.ts'
import { MILLION } from '../math/fixed.ts'
import { parseSpec, type Spec } from '../spec/spec.ts'
import { type ChainedRecord, emptyHead, extendChain, type Head, type SignedHead } from './chain.ts'
import {
  checkKnownChunk,
  continueChain,
  decideIntake,
  type IntakeFacts,
  intakeRules,
  type LeaseFact,
  workKey,
} from './intake.ts'
import { encodeRecord, type WorkRecord } from './work-record.ts'

const campaign = hex('c0', 32)
const account: Address = hex('a1', 20)
const NOW = 1_800_000_000_000
const [first, second] = [hex('01', 32), hex('02', 32)]

function hex(byte: string, size: number): Hex {
  return `0x${byte.repeat(size)}`
}

function specOf(kind: Spec['kind']): Spec {
  const isCollect = kind === 'collect'
  return parseSpec({
    v: 1,
    kind,
    modality: 'text',
    title: 'Same product?',
    instructions: '',
    languages: ['en'],
    tags: [],
    labelingConfig: isCollect
      ? ''
      : '<View><Text name="t" value="$text"/><Choices name="same" toName="t"><Choice value="yes"/><Choice value="no"/></Choices></View>',
    items: isCollect ? null : { root: hex('11', 32), count: 10 },
    intake: isCollect
      ? { mediaTypes: ['text/plain'], maxBytes: 99, maxItems: 9, maxPerContributor: 9 }
      : null,
    redundancy: { min: 1, max: 3, targetConfidence: 900_000 },
    gold: null,
    review: { reviews: 1 },
    eligibility: { accounts: [], reviewers: [] },
    reward: {
      difficulty: { min: MILLION, max: MILLION },
      qualityCurve: [
        [0, 0],
        [MILLION, MILLION],
      ],
      reviewShare: MILLION,
    },
    consensus: { method: 'majority', version: 1 },
    batch: { periodSeconds: 1, minItems: 1, maxItems: 100 },
    rights: { license: 'CC-BY-4.0', uses: [] },
    visibility: 'public',
    privacy: { controller: '', processor: '' },
  })
}
const rules = intakeRules(specOf('annotate'))
const collectRules = intakeRules(specOf('collect'))

type Draft = Partial<Pick<WorkRecord, 'item' | 'task' | 'revises' | 'startedAt' | 'endedAt'>> & {
  label?: string
  work?: Pick<WorkRecord, 'kind' | 'body'>
}

/** Records that follow each other, as an honest client builds them. */
function chunk(drafts: Draft[], head: Head = emptyHead(campaign, account)): ChainedRecord[] {
  let at = head
  return drafts.flatMap(({ label = 'yes', work, ...draft }) => {
    const record = {
      v: 1,
      campaign,
      account,
      seq: at.count + 1,
      prev: at.link,
      salt: hex('5a', 16),
      task: 'task-1',
      item: first,
      revises: null,
      assist: null,
      startedAt: 100,
      endedAt: 107,
      ...(work ?? { kind: 'annotation', body: { answer: { same: [label] } } }),
      ...draft,
    } as WorkRecord
    const added = extendChain(campaign, account, at, [encodeRecord(record)])
    at = { count: record.seq, link: added[0]!.link }
    return added
  })
}

function facts(changes: Partial<IntakeFacts> = {}): IntakeFacts {
  const lease = { kind: 'annotation', state: 'leased', expiresAt: NOW + 1 } as const
  return {
    now: NOW,
    leases: new Map([
      ['task-1', { ...lease, item: first }],
      ['task-2', { ...lease, item: second }],
    ]),
    items: new Map(),
    firsts: new Map(),
    ...changes,
  }
}

function refusal(work: () => unknown): { code: string; data: Readonly<Record<string, unknown>> } {
  try {
    work()
  } catch (error) {
    if (error instanceof TaggerError) return { code: error.code, data: error.data }
    throw error
  }
  throw new Error('nothing was refused')
}

const signedEnd = (records: ChainedRecord[]): SignedHead => ({
  count: records.at(-1)!.record.seq,
  link: records.at(-1)!.link,
  publicKey: '0x',
  signature: '0x',
})
const payloadsOf = (records: ChainedRecord[]) => records.map((entry) => entry.payload)
const start = { campaignId: campaign, account, head: emptyHead(campaign, account) }

test('accepts leased answers and counts each once', () => {
  const records = chunk([{}, { item: second, task: 'task-2', label: 'no' }])
  const intake = decideIntake(rules, records, facts())
  expect(intake.accepted.map((entry) => [entry.label, entry.seconds, entry.isRevision])).toEqual([
    ['yes', 7, false],
    ['no', 7, false],
  ])
  expect(intake).toMatchObject({ counting: 2, answered: ['task-1', 'task-2'] })
})

test('a revision in the same chunk replaces without a second lease or a second floor', () => {
  const records = chunk([{}, { label: 'no', revises: 1, task: 'none' }, { revises: 1 }])
  const intake = decideIntake(rules, records, facts())
  expect(intake.accepted.map((entry) => entry.isReplaced)).toEqual([true, true, false])
  expect(intake).toMatchObject({ counting: 1, answered: ['task-1'] })
})

test('a revision of an earlier chunk names the first record', () => {
  const known = facts({ leases: new Map(), firsts: new Map([[workKey(first, 'annotation'), 4]]) })
  expect(decideIntake(rules, chunk([{ revises: 4 }]), known)).toMatchObject({ counting: 0, answered: [] })
  expect(refusal(() => decideIntake(rules, chunk([{}]), known))).toMatchObject({
    code: 'revision-required',
    data: { seq: 1, revises: 4 },
  })
  expect(refusal(() => decideIntake(rules, chunk([{ revises: 3 }]), known)).code).toBe('revision-invalid')
})

test('nothing to revise is no revision', () => {
  expect(refusal(() => decideIntake(rules, chunk([{ revises: 1 }]), facts())).code).toBe('revision-invalid')
})

test('a lease that ran out refuses the chunk and names every such record', () => {
  const lease: LeaseFact = { item: first, kind: 'annotation', state: 'leased', expiresAt: NOW }
  const leases = new Map<string, LeaseFact>([
    ['task-1', lease],
    ['task-2', { ...lease, item: second, state: 'expired' }],
  ])
  const records = chunk([{}, { item: second, task: 'task-2' }])
  expect(refusal(() => decideIntake(rules, records, facts({ leases })))).toEqual({
    code: 'lease-expired',
    data: {
      seq: 1,
      item: first,
      task: 'task-1',
      refused: [
        { seq: 1, item: first, task: 'task-1' },
        { seq: 2, item: second, task: 'task-2' },
      ],
    },
  })
})

test.each([
  ['an unknown assignment', { task: 'task-9' }],
  ["another item's assignment", { task: 'task-2' }],
  [
    'an assignment of another kind',
    { work: { kind: 'review', body: { verdict: 'reject', answer: null, reason: 'blurred' } } },
  ],
] as [string, Draft][])('%s is no lease', (_, draft) => {
  expect(refusal(() => decideIntake(rules, chunk([draft]), facts())).code).toBe('lease-missing')
})

test('a lease given back or already answered is no lease', () => {
  for (const state of ['released', 'done'] as const) {
    const leases = new Map([
      ['task-1', { item: first, kind: 'annotation' as const, state, expiresAt: NOW + 1 }],
    ])
    expect(refusal(() => decideIntake(rules, chunk([{}]), facts({ leases }))).code).toBe('lease-missing')
  }
})

test('a batched item takes neither answers nor revisions', () => {
  const items = new Map([[first, { isBatched: true, submission: null }]])
  expect(refusal(() => decideIntake(rules, chunk([{}]), facts({ items }))).code).toBe(
    'record-after-settlement',
  )
  const firsts = new Map([[workKey(first, 'annotation'), 1]])
  const revision = chunk([{ revises: 1 }])
  expect(refusal(() => decideIntake(rules, revision, facts({ items, firsts }))).code).toBe(
    'record-after-settlement',
  )
})

test('an answer outside the labels is refused before anything else', () => {
  expect(refusal(() => decideIntake(rules, chunk([{ label: 'maybe' }]), facts())).code).toBe('answer-invalid')
})

test("a submission needs the account's own upload, described as it is", () => {
  const body = { mediaType: 'text/plain', bytes: 12 }
  const records = chunk([{ work: { kind: 'submission', body } }])
  const owned = (submission: typeof body | null) =>
    facts({ items: new Map([[first, { isBatched: false, submission }]]) })
  expect(decideIntake(collectRules, records, owned(body))).toMatchObject({ counting: 1, answered: [] })
  expect(refusal(() => decideIntake(collectRules, records, owned(null))).code).toBe('lease-missing')
  expect(refusal(() => decideIntake(collectRules, records, owned({ ...body, bytes: 13 }))).code).toBe(
    'answer-invalid',
  )
})

test('seconds stay within a day whatever the worker says', () => {
  const records = chunk([
    { startedAt: 9, endedAt: 2 },
    { item: second, task: 'task-2', startedAt: 0, endedAt: 2_000_000_000 },
  ])
  expect(decideIntake(rules, records, facts()).accepted.map((entry) => entry.seconds)).toEqual([0, 86_400])
})

test('continues the held head to the signed one', () => {
  const records = chunk([{}, { item: second, task: 'task-2' }])
  const built = continueChain(start, { payloads: payloadsOf(records), signed: signedEnd(records) })
  expect(built.map((entry) => entry.link)).toEqual(records.map((entry) => entry.link))
})

test('forked, replayed and skipping chunks meet the held head', () => {
  const held = chunk([{}])
  const head = { count: 1, link: held[0]!.link }
  const forked = chunk([{ label: 'no' }, { item: second }])
  const skipping = chunk([{}, { item: second }, { item: hex('03', 32) }]).slice(2)
  for (const records of [forked, held, skipping]) {
    const work = () =>
      continueChain({ ...start, head }, { payloads: payloadsOf(records), signed: signedEnd(records) })
    expect(refusal(work)).toEqual({ code: 'chain-conflict', data: { head } })
  }
})

test('a known head is known for the records that lead to it, whole or their end, and for no others', () => {
  const records = chunk([{}, { item: second }])
  const known = signedEnd(records)
  const longer = chunk([{}, { item: second }, { item: hex('03', 32) }])
  const chain = { ...start, head: { count: 3, link: longer[2]!.link } }
  const check = (sent: ChainedRecord[], signed = known) =>
    checkKnownChunk(chain, { payloads: payloadsOf(sent), signed })
  expect(() => check(records)).not.toThrow()
  expect(() => check(records.slice(1))).not.toThrow()
  const conflict = { code: 'chain-conflict', data: { head: chain.head } }
  const others = chunk([{ label: 'no' }, { item: second }])
  const swapped = [others[0]!, records[1]!]
  for (const sent of [others, swapped, longer, records.slice(0, 1), []]) {
    expect(refusal(() => check(sent))).toEqual(conflict)
  }
  expect(refusal(() => check(records, { ...known, count: 1 }))).toEqual(conflict)
})

test('re-ordered and gapped chunks break at the record at fault', () => {
  const [a, b, c] = chunk([{}, { item: second }, { item: hex('03', 32) }]) as [
    ChainedRecord,
    ChainedRecord,
    ChainedRecord,
  ]
  const signed = signedEnd([a, b, c])
  const attempt = (records: ChainedRecord[]) =>
    refusal(() => continueChain(start, { payloads: payloadsOf(records), signed }))
  expect(attempt([a, c, b])).toMatchObject({ code: 'chain-broken', data: { seq: 2 } })
  expect(attempt([a, c])).toMatchObject({ code: 'chain-broken', data: { seq: 2 } })
  expect(attempt([a, b])).toMatchObject({ code: 'chain-broken', data: { end: { count: 2, link: b.link } } })
})

test("another account's or campaign's records are foreign", () => {
  const records = chunk([{}])
  const attempt = (chain: typeof start) =>
    refusal(() => continueChain(chain, { payloads: payloadsOf(records), signed: signedEnd(records) })).code
  expect(attempt({ ...start, account: hex('b2', 20) })).toBe('record-foreign')
  expect(attempt({ ...start, campaignId: hex('c1', 32) })).toBe('record-foreign')
})
