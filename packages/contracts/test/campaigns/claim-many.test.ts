import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import {
  type Address,
  concatHex,
  decodeErrorResult,
  encodeFunctionData,
  type Hex,
  keccak256,
  padHex,
  size,
  toHex,
} from 'viem'
import { campaignsAbi, errorsAbi } from '../../abi/index.ts'
import {
  balanceOf,
  type Campaign,
  leafOf,
  noPermit,
  openCampaign,
  proposeBatch,
  settleBatch,
} from '../campaign.ts'
import {
  address,
  as,
  eventsOf,
  fortune,
  gasOf,
  newWorld,
  reverts,
  time,
  trick,
  usd,
  type World,
} from '../world.ts'

describe('claimMany', () => {
  let world: World
  let campaign: Campaign
  beforeEach(async () => {
    world = await newWorld()
    campaign = await openCampaign(world, { token: world.evil.address })
  })

  const three = [
    [address.ana, usd(10)],
    [address.eve, usd(5)],
    [address.ben, usd(1)],
  ] as const

  /** Claims for all three, with Eve in the middle up to something. */
  async function claimAll(name: keyof typeof trick) {
    const { named, payouts } = await settleBatch(world, campaign, three)
    await world.evil.write.setTrick([address.eve, trick[name]])
    const hash = await world.campaigns.write.claimMany([named, payouts.many()], as('cleo'))
    const events = await eventsOf(hash)
    return { named, payouts, hash, events, names: events.map((event) => event.name) }
  }

  const reasonOf = (event: { args: unknown } | undefined) => (event?.args as { reason: Hex }).reason
  const errorOf = (event: { args: unknown } | undefined) =>
    decodeErrorResult({ abi: errorsAbi, data: reasonOf(event) }).errorName

  async function balances() {
    const accounts: Address[] = [address.ana, address.eve, address.ben]
    return Promise.all(accounts.map((account) => balanceOf(world.evil, account)))
  }

  it('pays everyone', async () => {
    const { names } = await claimAll('none')
    assert.deepEqual(names, ['Claimed', 'Claimed', 'Claimed'])
    assert.deepEqual(await balances(), [usd(10), fortune + usd(5), fortune + usd(1)])
  })

  for (const [name, why] of [
    ['refuse', 'refuses'],
    ['returnFalse', 'refuses by returning false'],
    ['lie', 'does not pay'],
    ['taxReceiver', 'pays less'],
    ['taxSender', 'charges the escrow for'],
    ['burnGas', 'burns all gas for'],
    ['returnBomb', 'answers with a hundred thousand bytes for'],
  ] as const) {
    it(`passes over a payee the token ${why}, whose claim stays open`, async () => {
      const { names, named, payouts } = await claimAll(name)
      assert.deepEqual(names.toSorted(), ['ClaimSkipped', 'Claimed', 'Claimed'])
      assert.deepEqual(await balances(), [usd(10), fortune, fortune + usd(1)])
      assert.equal(await world.campaigns.read.claimed([campaign.id, address.eve]), 0n)
      assert.equal((await world.campaigns.read.campaigns([campaign.id])).claimedTotal, usd(11))

      await world.evil.write.setTrick([address.eve, trick.none])
      await world.campaigns.write.claim([named, payouts.claim(address.eve)])
      assert.equal(await balanceOf(world.evil, address.eve), fortune + usd(5))
    })
  }

  it('bounds what one payee can cost', async () => {
    const { hash } = await claimAll('burnGas')
    assert.ok((await gasOf(hash)) < 900_000)
  })

  it('reverts rather than pass a payee over for want of gas', async () => {
    const { named, payouts } = await settleBatch(world, campaign, three)
    const args = [named, payouts.many()] as const
    await reverts(world.campaigns.simulate.claimMany(args, { ...as('cleo'), gas: 520_000n }), 'NotEnoughGas')

    const gas = await world.campaigns.estimateGas.claimMany(args, as('cleo'))
    const events = await eventsOf(world.campaigns.write.claimMany(args, { ...as('cleo'), gas }))
    assert.deepEqual(
      events.map((event) => event.name),
      ['Claimed', 'Claimed', 'Claimed'],
    )
  })

  it('bounds the reason it reports', async () => {
    const { events } = await claimAll('returnBomb')
    assert.equal(size(reasonOf(events.find(({ name }) => name === 'ClaimSkipped'))), 256)
  })

  it('passes over a claim already paid, and says why', async () => {
    const { named, payouts } = await settleBatch(world, campaign, three)
    await world.campaigns.write.claim([named, payouts.claim(address.ana)])
    const events = await eventsOf(world.campaigns.write.claimMany([named, payouts.many()]))
    assert.deepEqual(events.map((event) => event.name).toSorted(), ['ClaimSkipped', 'Claimed', 'Claimed'])
    assert.equal(errorOf(events.find(({ name }) => name === 'ClaimSkipped')), 'NothingToClaim')
  })

  it('pays some of a batch', async () => {
    const { named, payouts } = await settleBatch(world, campaign, three)
    const some = [payouts.claim(address.ana), payouts.claim(address.ben)]
    await world.campaigns.write.claimMany([named, payouts.many(some)])
    assert.deepEqual(await balances(), [usd(10), fortune, fortune + usd(1)])
  })

  it('reverts when a line is not in the batch: the caller made a mistake, not a payee', async () => {
    const { named, hash, payouts } = await settleBatch(world, campaign, three)
    const claims = payouts.many()
    const forged = { ...claims, amounts: claims.amounts.map((amount) => amount + 1n) }
    await reverts(world.campaigns.simulate.claimMany([named, forged]), 'WrongMultiproof', [hash])
    const short = { ...claims, amounts: claims.amounts.slice(1) }
    await reverts(world.campaigns.simulate.claimMany([named, short]), 'LengthMismatch', [3n, 2n])
    const bare = { ...claims, proofFlags: [] }
    await reverts(world.campaigns.simulate.claimMany([named, bare]), 'MerkleProofInvalidMultiproof')
  })

  it('pays nobody when nobody is named', async () => {
    const { named } = await settleBatch(world, campaign, three)
    const nobody = { accounts: [], amounts: [], proof: [named.root], proofFlags: [] }
    assert.deepEqual(await eventsOf(world.campaigns.write.claimMany([named, nobody])), [])
  })

  it('pays a payee named twice once', async () => {
    const alone = [[address.ana, usd(10)]] as const
    const { named } = await settleBatch(world, campaign, alone)
    const leaf = leafOf(campaign.id, ...alone[0])
    // A tree of one leaf twice: the only one in which a line can be shown twice.
    const twice = { ...named, root: keccak256(concatHex([leaf, leaf])) }
    const batch = await proposeBatch(world, campaign, alone, {
      payoutsRoot: twice.root,
      payoutsTotal: usd(20),
    })
    await time.increase(campaign.terms.challengeWindow)
    await world.campaigns.write.finalize([campaign.terms, batch.header])
    const events = await eventsOf(
      world.campaigns.write.claimMany([
        batch.named,
        {
          accounts: [address.ana, address.ana],
          amounts: [usd(10), usd(10)],
          proof: [],
          proofFlags: [true],
        },
      ]),
    )
    assert.deepEqual(
      events.map((event) => event.name),
      ['Claimed', 'ClaimSkipped'],
    )
    assert.equal(await balanceOf(world.evil, address.ana), usd(10))
  })

  for (const functionName of [
    'claim',
    'claimMany',
    'claimReceipt',
    'collectFees',
    'refund',
    'topUp',
  ] as const) {
    it(`does not let the token back in through ${functionName}`, async () => {
      const { named, payouts } = await settleBatch(world, campaign, three)
      const { id, terms } = campaign
      const eve = payouts.claim(address.eve)
      const many = payouts.many([eve])
      const abi = campaignsAbi
      const calls = {
        claim: encodeFunctionData({ abi, functionName: 'claim', args: [named, eve] }),
        claimMany: encodeFunctionData({ abi, functionName: 'claimMany', args: [named, many] }),
        collectFees: encodeFunctionData({ abi, functionName: 'collectFees', args: [terms] }),
        refund: encodeFunctionData({ abi, functionName: 'refund', args: [terms] }),
        topUp: encodeFunctionData({ abi, functionName: 'topUp', args: [terms, 1n, noPermit] }),
        claimReceipt: encodeFunctionData({
          abi,
          functionName: 'claimReceipt',
          args: [id, address.eve, address.eve],
        }),
      }
      await world.evil.write.setReentry([world.campaigns.address, calls[functionName]])
      await world.evil.write.setTrick([address.eve, trick.reenter])
      await world.campaigns.write.claimMany([named, many])

      assert.equal(await world.evil.read.reentrySucceeded(), false)
      const data = await world.evil.read.reentryResult()
      assert.equal(decodeErrorResult({ abi: errorsAbi, data }).errorName, 'ReentrancyGuardReentrantCall')
      assert.equal(await balanceOf(world.evil, address.eve), fortune + usd(5))
    })
  }

  it('skips nobody silently: a header that is not final reverts', async () => {
    const { named, hash, payouts } = await proposeBatch(world, campaign, three)
    const call = world.campaigns.simulate.claimMany([named, payouts.many()])
    await reverts(call, 'NotFinal', [campaign.id, hash])
  })

  it('keeps its attempts to itself', async () => {
    await settleBatch(world, campaign, three)
    const attempt = world.campaigns.simulate.attemptClaim([campaign.id, address.eve, usd(5), 0n], as('eve'))
    await reverts(attempt, 'OnlySelf', [address.eve])
    const transfer = world.campaigns.simulate.attemptTransfer(
      [world.evil.address, address.eve, 1n],
      as('eve'),
    )
    await reverts(transfer, 'OnlySelf', [address.eve])
  })

  it('pays a hundred', async () => {
    const crowd = Array.from({ length: 100 }, (_, i) => {
      const account = padHex(toHex(i + 1_000), { size: 20 }) as Address
      return [account, usd(1)] as const
    })
    const { named, payouts } = await settleBatch(world, campaign, crowd)
    const hash = await world.campaigns.write.claimMany([named, payouts.many()])
    assert.equal((await eventsOf(hash)).filter((event) => event.name === 'Claimed').length, 100)
    assert.ok((await gasOf(hash)) < 12_000_000)
  })
})
