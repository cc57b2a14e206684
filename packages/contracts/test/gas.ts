/** What the calls people make cost, in gas. Every batch has a hundred payees, so proofs are as deep as theirs. */
import type { Address, Hash } from 'viem'
import { padHex, toHex, zeroHash } from 'viem'
import {
  acceptanceOf,
  campaignIdOf,
  closeCampaign,
  newTerms,
  nextBatch,
  openCampaign,
  payoutsOf,
  permitOf,
  proposeBatch,
  settleBatch,
} from './campaign.ts'
import { commit, disputeIdOf, endCommit, endReveal, newDisputes, propose, reveal } from './dispute.ts'
import {
  buyerKey,
  contentKey,
  mintArguments,
  newOffer,
  newVersion,
  purchaseArguments,
  seal,
  shareArguments,
} from './passport.ts'
import { anyHeader, noAmount, receiptOf, recordsOf } from './receipts.ts'
import { tag } from './staking.ts'
import { address, as, gasOf, newWorld, noPermit, people, time, usd } from './world.ts'

export type Figures = Record<string, number>

const payees = 100

/** Accounts nobody has heard of. */
const strangers = (from: number) =>
  Array.from({ length: payees }, (_, i) => padHex(toHex(from + i), { size: 20 }) as Address)

const paid = (accounts: readonly Address[], amount: bigint) =>
  accounts.map((account) => [account, amount] as const)

/** Every figure by its name; those that stand for many payees are per payee. */
export async function measure(): Promise<Figures> {
  return { ...(await measureCampaigns()), ...(await measureTrade()), ...(await measureDisputes()) }
}

function recorder(figures: Figures) {
  return async (name: string, hash: Promise<Hash>, share = 1) => {
    figures[name] = Math.round((await gasOf(hash)) / share)
  }
}

async function measureCampaigns(): Promise<Figures> {
  const world = await newWorld()
  const figures: Figures = {}
  const record = recorder(figures)
  const { campaigns, testUsd } = world
  const newcomers = strangers(4_096)
  const holders = strangers(8_192)
  for (const account of holders) await testUsd.write.mint([account, 1n])

  // The operator and the escrow have other campaigns in this token; the requester has never signed a permit.
  await openCampaign(world, { nonce: 1n })
  await testUsd.write.approve([campaigns.address, 0n], as('requester'))
  const terms = await newTerms(world)
  const id = campaignIdOf(world, terms)
  const campaign = { id, terms }
  const acceptance = await acceptanceOf(world, id)
  const permit = await permitOf(testUsd, people.requester, campaigns.address, usd(5_000))
  await record('open', campaigns.write.open([terms, usd(5_000), acceptance, permit], as('requester')))
  await testUsd.write.approve([campaigns.address, usd(100_000)], as('requester'))

  const accounts = [...newcomers.slice(0, 50), ...holders.slice(0, 50)]
  const first = await nextBatch(world, campaign, paid(accounts, usd(1)))
  await record('propose', campaigns.write.propose([terms, first.header, first.previousRoot], as('operator')))
  await time.increase(terms.challengeWindow)
  await record('finalize', campaigns.write.finalize([terms, first.header]))
  // Of leaves at two depths one that is at the lower both times.
  const later = payoutsOf(id, paid(accounts, usd(2)))
  const someone = deepest(
    newcomers.slice(0, 50),
    (account) => first.payouts.claim(account).proof.length + later.claim(account).proof.length,
  )
  await record('claimFirst', campaigns.write.claim([first.named, first.payouts.claim(someone)]))

  const second = await settleBatch(world, campaign, paid(accounts, usd(2)))
  await record('claimRepeat', campaigns.write.claim([second.named, second.payouts.claim(someone)]))

  const everyone = await openAndSettle(holders, 2n)
  await record('claimManyNew', campaigns.write.claimMany([everyone.named, everyone.payouts.many()]), payees)
  const again = await settleBatch(world, everyone.campaign, paid(holders, usd(2)))
  await record('claimManyRepeat', campaigns.write.claimMany([again.named, again.payouts.many()]), payees)
  const unknown = await openAndSettle(strangers(16_384), 3n)
  await record(
    'claimManyFirstEver',
    campaigns.write.claimMany([unknown.named, unknown.payouts.many()]),
    payees,
  )
  await record('collectFees', campaigns.write.collectFees([terms]))

  const records = recordsOf(
    id,
    accounts.map((account) => [account, 10n] as const),
  )
  const contested = await proposeBatch(world, campaign, paid(accounts, usd(3)), { recordsRoot: records.root })
  const worker = deepest(newcomers.slice(0, 50), (account) => records.chain(account).proof.length)
  const { receipt, signature } = await receiptOf(world, campaign, {
    account: worker,
    count: 10n,
    issuedAt: contested.header.cutAt,
  })
  await record('contest', campaigns.write.contest([terms, contested.header, receipt, signature], as('eve')))
  const answer = [terms, contested.header, records.chain(worker), noAmount] as const
  await record('answer', campaigns.write.answer(answer, as('operator')))

  const silent = await openCampaign(world, { nonce: 9n })
  await time.increaseTo(silent.terms.deadline + silent.terms.grace)
  await campaigns.write.advance([silent.terms, anyHeader(silent.id)])
  const held = await receiptOf(world, silent, { account: address.ben })
  await campaigns.write.registerReceipt([silent.terms, held.receipt, held.signature, silent.id])
  const own = await receiptOf(world, silent)
  await record(
    'registerReceipt',
    campaigns.write.registerReceipt([silent.terms, own.receipt, own.signature, silent.id], as('ana')),
  )
  return figures

  async function openAndSettle(of: readonly Address[], nonce: bigint) {
    const opened = await openCampaign(world, { nonce })
    return { ...(await settleBatch(world, opened, paid(of, usd(1)))), campaign: opened }
  }
}

function deepest(accounts: readonly Address[], depth: (account: Address) => number): Address {
  return accounts.reduce((best, account) => (depth(account) > depth(best) ? account : best))
}

async function measureTrade(): Promise<Figures> {
  const world = await newWorld()
  const figures: Figures = {}
  const record = recorder(figures)
  const { licenses, passports, campaigns } = world
  const campaign = await openCampaign(world)
  const workers = strangers(4_096)
  const ana = workers[0]!
  const earlier = await settleBatch(world, campaign, paid(workers, usd(1)))
  const closing = await closeCampaign(world, campaign, paid(workers, usd(2)))
  await record('refund', campaigns.write.refund([campaign.terms]))

  const origin = { campaign, batch: closing }
  await record('mint, one source', passports.write.mint(mintArguments([origin]), as('requester')))
  const sources = [origin, { campaign, batch: earlier }].map((source) => ({ ...source, weight: 5_000 }))
  const version = newVersion(sources)
  await record('mint', passports.write.mint(mintArguments(sources), as('requester')))
  const later = newVersion(sources, { contentRoot: zeroHash })
  await record('addVersion', passports.write.addVersion([2n, version, later, []], as('requester')))
  const offer = newOffer(world, 2n)
  await record('createOffer', licenses.write.createOffer([offer], as('requester')))
  const buy = async (name: 'ben' | 'cleo') => {
    await world.testUsd.write.approve([licenses.address, 0n], as(name))
    const permit = await permitOf(world.testUsd, people[name], licenses.address, offer.price)
    const [, hash, price, key] = purchaseArguments(offer, later)
    return await licenses.write.purchase([offer, hash, price, key, permit], as(name))
  }
  await record('purchase, first of all', buy('ben'))
  await record('purchase', buy('cleo'))
  await record('purchase, next of a buyer', buy('cleo'))
  for (const id of [1n, 2n]) await record('deliver', licenses.write.deliver([id, seal()], as('operator')))
  await record('release, first', licenses.write.release([1n], as('ben')))
  await record('release, next', licenses.write.release([2n], as('cleo')))
  const share = {
    token: offer.token,
    passportId: 2n,
    number: 2n,
    version: later,
    batch: closing,
    account: ana,
  }
  await record('claimShare', licenses.write.claimShare(shareArguments(share)))
  const wrong = seal(new Uint8Array(32), buyerKey.publicKey, contentKey)
  await licenses.write.deliver([3n, wrong], as('operator'))
  const dispute = licenses.write.disputeDelivery([3n, later, wrong, buyerKey.secret])
  await record('disputeDelivery', dispute)
  return figures
}

/** Three validators besides the parties; the last one votes with the minority. */
async function measureDisputes(): Promise<Figures> {
  const court = await newDisputes()
  const figures: Figures = {}
  const record = recorder(figures)
  const { staking, disputes, world } = court
  await world.tagToken.write.transfer([address.receiptKey, tag(100_000)])
  await world.tagToken.write.approve([staking.address, tag(100_000)], as('receiptKey'))
  await record('stake', staking.write.stake([tag(50_000), noPermit], as('receiptKey')))
  await record('startValidating', staking.write.startValidating([tag(20_000)], as('receiptKey')))
  await record('startCooling', staking.write.startCooling([tag(30_000)], as('receiptKey')))

  await propose(court)
  const id = await disputeIdOf(court)
  const challenge = [court.terms, court.header, 'item 3', noPermit] as const
  await record('challenge', disputes.write.challenge(challenge, as('eve')))
  const voters = ['ana', 'ben', 'cleo'] as const
  for (const name of voters) await record('commitVote', commit(court, id, name, name !== 'cleo'))
  await endCommit(court, id)
  for (const name of voters) await record('revealVote', reveal(court, id, name, name !== 'cleo'))
  await endReveal(court, id)
  await record('resolve', disputes.write.resolve([id]))
  await record('settleSlashed', disputes.write.settle([id, address.cleo]))
  await record('settlePaid', disputes.write.settle([id, address.ana]))
  return figures
}
