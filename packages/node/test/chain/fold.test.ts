import type { Hex } from '@tagger/protocol'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyBlocks, rewindBlocks } from '../../src/chain/apply.ts'
import { foldEarlier } from '../../src/chain/apply-govern.ts'
import type { ChainEvent } from '../../src/chain/event.ts'
import type { BlockRow } from '../../src/chain/events-table.ts'
import type { DatabaseAdapter } from '../../src/db/adapter.ts'
import { sql } from '../../src/db/sql.ts'
import { createTestDatabase } from '../harness.ts'

let db: DatabaseAdapter
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ db, drop } = await createTestDatabase())
  // Batches are there from the beginning here; the ledger's other rows come and go with the events.
  await db.script('alter table batches drop constraint batches_campaign_id_fkey')
  for (const id of campaigns) {
    await db.query(sql`insert into drafts (id, account, spec) values (${id}, '0x00', '{}')`)
    await db.query(sql`
      insert into acceptances (campaign_id, draft_id, spec_hash, spec, terms, signature)
      values (${id}, ${id}, '0x00', ${spec}, ${{ requester: '0x01' }}, '0x')`)
  }
})
afterAll(() => drop())

const log = { info() {} }
const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`
const campaigns = [hash(1), hash(2)]
// {kind: 'annotate', title: 'T'} in DAG-CBOR.
const spec = new Uint8Array(Buffer.from('a2646b696e6468616e6e6f74617465657469746c656154', 'hex'))

type Step = { blocks: Draft[][]; rewind: number }
interface Draft {
  campaign: number
  name: string
  amount: number
  batch: number
}

const draft = fc.record({
  campaign: fc.nat(1),
  name: fc.constantFrom(
    ...['CampaignOpened', 'CampaignToppedUp', 'CampaignClosing', 'BatchProposed', 'BatchFinal', 'BatchVoid'],
    ...['Claimed', 'FeesPaid', 'Refunded', 'OfferCreated', 'OfferWithdrawn', 'Purchased', 'Delivered'],
    ...['PassportMinted', 'PassportVersion', 'Transfer', 'ShareClaimed', 'LicenseRefunded'],
    ...['Released', 'Renewed', 'SubscriptionUpdate', 'DisputeBegan', 'DisputeEnded', 'ParameterSet'],
    ...['Staked', 'CoolingStarted', 'ValidatorStakeSet', 'Locked', 'Slashed', 'DelegateVotesChanged'],
    ...['Challenged', 'RoundStarted', 'VoteCommitted', 'VoteRevealed', 'VoteSettled', 'DisputeResolved'],
    ...['ProposalCreated', 'VoteCast', 'ProposalQueued'],
  ),
  amount: fc.nat(1000),
  batch: fc.nat(2),
})
const step = fc.record({
  blocks: fc.array(fc.array(draft, { maxLength: 4 }), { minLength: 1, maxLength: 4 }),
  rewind: fc.nat(4),
})

test('folding on through reorganizations ends where folding the surviving branch from scratch does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      await clear()
      const branch = await play(steps)
      const incremental = await tables()
      // As a ledger of an earlier version, which stored these events and did not fold them.
      for (const table of ['stakes', 'disputes', 'proposals', 'pending_batches']) {
        await db.script(`delete from ${table}`)
      }
      await db.transaction(foldEarlier)
      expect(await tables()).toEqual(incremental)
      await clear()
      await db.transaction((tx) => applyBlocks(tx, branch, log))
      expect(incremental).toEqual(await tables())
    }),
    { numRuns: 15 },
  )
}, 120_000)

/** Applies blocks and reorganizations as they come; answers with what survived. */
async function play(steps: Step[]) {
  let blocks: BlockRow[] = []
  let events: ChainEvent[] = []
  for (const { blocks: drafts, rewind } of steps) {
    const from = Math.max(1, blocks.length + 1 - rewind)
    if (from <= blocks.length) {
      await db.transaction((tx) => rewindBlocks(tx, from))
      blocks = blocks.filter((block) => block.number < from)
      events = events.filter((event) => event.blockNumber < from)
    }
    const first = blocks.length + 1
    const added = drafts.map((_, i) => ({
      number: first + i,
      hash: hash(first + i),
      parent: hash(first + i - 1),
      time: first + i,
    }))
    const addedEvents: ChainEvent[] = []
    for (const [i, own] of drafts.entries()) {
      for (const [at, entry] of own.entries()) {
        addedEvents.push(eventOf(inOrder(entry, [...events, ...addedEvents]), first + i, at))
      }
    }
    await db.transaction((tx) => applyBlocks(tx, { blocks: added, events: addedEvents }, log))
    blocks = [...blocks, ...added]
    events = [...events, ...addedEvents]
  }
  return { blocks, events }
}

function eventOf(
  { campaign, name, amount, batch }: Draft,
  blockNumber: number,
  logIndex: number,
): ChainEvent {
  const base = {
    blockNumber,
    logIndex,
    time: blockNumber,
    transactionHash: hash(blockNumber * 100 + logIndex),
    name,
  }
  const amounts = {
    amount: `${amount}`,
    price: `${amount}`,
    payoutsTotal: `${amount}`,
    operatorFee: `${amount}`,
    protocolFee: '1',
    contributors: '2',
    rest: `${amount}`,
  }
  const names = {
    batch: hash(100 + 10 * campaign + batch),
    account: '0x0a',
    to: '0x0b',
    owner: '0x0c',
    buyer: '0x0d',
    token: '0x0e',
  }
  const ids = {
    passportId: '1',
    offerId: hash(50),
    licenseId: `${batch}`,
    version: '1',
    buyerPublicKey: '0x04',
    sealedKey: '0x05',
    inspectUntil: '70',
    expiration: amount % 2 === 0 ? '18446744073709551615' : `${amount}`,
  }
  const numbers = {
    ...{ newVotes: `${amount}`, weight: `${amount}`, slashed: `${amount}`, stoodStill: `${amount}` },
    ...{ round: 2, commitEnds: '80', revealEnds: '90', until: '99', outcome: 2 + batch, support: batch },
    ...{ voteStart: '60', voteEnd: '90', etaSeconds: '95', value: `${amount}` },
  }
  const args = {
    ...amounts,
    ...names,
    ...ids,
    ...numbers,
    closing: amount % 7 === 0,
    finalAt: '9',
    offer: { duration: '60' },
    header: { index: '0' },
    terms: {},
    ...{ operator: '0x0f', requester: '0x10', challenger: '0x11', locker: '0x12', voter: `0x2${batch}` },
    ...{ reason: 'wrong', description: 'Fee', isValid: amount % 2 === 0 },
    ...{ proposer: '0x13', targets: [], values: [], calldatas: [] },
  }
  const own = { campaignId: null, subject: null }
  if (name === 'ParameterSet') {
    const bytes = Buffer.from('disputeBond').toString('hex').padEnd(64, '0')
    return {
      ...{ ...base, ...own, contract: 'parameters', subject: 'parameters' },
      args: { ...args, name: `0x${bytes}` },
    }
  }
  if (/^(Staked|Cooling|Validator|Locked|Slashed|DelegateVotes)/.test(name)) {
    return { ...base, ...own, contract: 'staking', subject: `account:0x3${batch}`, args }
  }
  if (/^(Challenged|Round|Vote[CRS][a-z]+d$|DisputeResolved)/.test(name)) {
    return {
      ...{ ...base, ...own, contract: 'disputes', subject: `dispute:${hash(60 + campaign)}` },
      args: { ...args, campaignId: campaigns[campaign]! },
    }
  }
  if (/^(Proposal|VoteCast)/.test(name)) {
    return { ...base, ...own, contract: 'tagGovernor', subject: `proposal:${campaign}`, args }
  }
  if (/^(Passport|Transfer)/.test(name)) {
    return {
      ...base,
      ...own,
      contract: 'passports',
      subject: 'passport:1',
      args: { ...args, version: { contentRoot: hash(7 + batch), sources: [] } },
    }
  }
  if (/^Offer/.test(name))
    return { ...base, ...own, contract: 'licenses', subject: `offer:${hash(50)}`, args }
  if (/^(Purchased|Delivered|Released|Renewed|Subscription|License)/.test(name)) {
    return { ...base, ...own, contract: 'licenses', subject: `license:${batch}`, args }
  }
  if (name === 'ShareClaimed') return { ...base, ...own, contract: 'licenses', args }
  return { ...base, ...own, contract: 'campaigns', campaignId: campaigns[campaign]!, args }
}

const FOLDED = [
  'campaigns',
  'batches',
  'claims',
  'passports',
  'passport_versions',
  'offers',
  'licenses',
  'share_claims',
  'pending_batches',
  'stakes',
  'disputes',
  'dispute_votes',
  'proposals',
  'proposal_votes',
  'chain_events',
]

async function tables() {
  const all: Record<string, Record<string, unknown>[]> = {}
  for (const table of FOLDED)
    all[table] = await db.query({ text: `select * from ${table} order by 1, 2`, values: [] })
  const events = all.chain_events!
  const isSaid = (name: string, test: (event: Record<string, unknown>) => boolean) =>
    events.some((event) => event.name === name && test(event))
  // Of what the chain no longer speaks of, a campaign keeps a row without funds and a batch may stay void.
  all.campaigns = all.campaigns!.filter((row) =>
    isSaid('CampaignOpened', (event) => event.campaign_id === row.id),
  )
  all.batches = all.batches!.filter((row) =>
    isSaid('BatchProposed', (event) => (event.args as { batch: string }).batch === row.hash),
  )
  return all
}

async function clear(): Promise<void> {
  const tables = [
    'chain_blocks',
    'claims',
    'passports',
    'passport_versions',
    'offers',
    'licenses',
    'share_claims',
    'pending_batches',
    'stakes',
    'disputes',
    'proposals',
    'batches',
    'campaigns',
  ]
  await db.script(tables.map((table) => `delete from ${table};`).join('\n'))
  for (const batch of [100, 101, 102, 110, 111, 112]) {
    const campaign = campaigns[batch < 110 ? 0 : 1]
    await db.query(sql`
      insert into batches (hash, campaign_id, batch_index, header, status, bundle, bundle_bytes, state, items, records,
        cut_at, created_at)
      values (${hash(batch)}, ${campaign}, 0, '{}', 'cut', 'b', 1, ${new Uint8Array()}, 1, 1, 1, ${new Date(0)})`)
  }
}

/** A campaign's first event is its opening, and it is opened once; so with disputes and proposals. */
function inOrder({ campaign, name, ...rest }: Draft, events: readonly ChainEvent[]): Draft {
  const isThere = (first: string, subject: string) =>
    events.some((event) => event.name === first && event.subject === subject)
  if (name === 'Challenged' && isThere(name, `dispute:${hash(60 + campaign)}`)) {
    return { campaign, name: 'RoundStarted', ...rest }
  }
  if (name === 'ProposalCreated' && isThere(name, `proposal:${campaign}`)) {
    return { campaign, name: 'VoteCast', ...rest }
  }
  const isOpen = events.some(
    (event) => event.name === 'CampaignOpened' && event.campaignId === campaigns[campaign],
  )
  const other = isOpen ? 'CampaignToppedUp' : 'CampaignOpened'
  const isOfCampaign = /^(Campaign|Batch|Claimed|FeesPaid|Refunded|DisputeBegan|DisputeEnded)/.test(name)
  const fits = !isOfCampaign || (name === 'CampaignOpened') !== isOpen
  return { campaign, name: fits ? name : other, ...rest }
}
