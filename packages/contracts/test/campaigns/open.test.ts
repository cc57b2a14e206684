import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { encodeFunctionData, hashTypedData, zeroAddress } from 'viem'
import { stakingAbi, tagTokenAbi } from '../../abi/index.ts'
import {
  acceptanceOf,
  balanceOf,
  campaignIdOf,
  newTerms,
  noPermit,
  openCampaign,
  permitOf,
  type Terms,
} from '../campaign.ts'
import {
  address,
  as,
  bond,
  contractWalletAbi,
  deployMock,
  eventsOf,
  fortune,
  newWorld,
  people,
  reverts,
  trick,
  usd,
  type World,
} from '../world.ts'

describe('open', () => {
  let world: World
  beforeEach(async () => {
    world = await newWorld()
  })

  async function tryOpen(changes: Partial<Terms>, funds = usd(100)) {
    const terms = await newTerms(world, changes)
    const acceptance = await acceptanceOf(world, campaignIdOf(world, terms))
    return world.campaigns.simulate.open([terms, funds, acceptance, noPermit], as('requester'))
  }

  it('takes the funds and remembers what later calls need', async () => {
    const terms = await newTerms(world)
    const id = campaignIdOf(world, terms)
    const acceptance = await acceptanceOf(world, id)
    const hash = await world.campaigns.write.open([terms, usd(100), acceptance, noPermit], as('requester'))

    assert.deepEqual(await eventsOf(hash), [
      {
        name: 'CampaignOpened',
        args: { id, requester: terms.requester, operator: terms.operator, terms, amount: usd(100) },
      },
      {
        name: 'Locked',
        args: { account: terms.operator, locker: world.campaigns.address, amount: bond },
      },
    ])
    const campaign = await world.campaigns.read.campaigns([id])
    assert.equal(campaign.status, 1)
    assert.equal(campaign.token, terms.token)
    assert.deepEqual([campaign.bond, campaign.isBonded], [bond, true])
    assert.equal((await world.staking.read.stakes([address.operator])).bonded, bond)
    assert.equal(campaign.funded, usd(100))
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), usd(100))
    assert.equal(await balanceOf(world.testUsd, terms.requester), fortune - usd(100))
  })

  it('opens without funds', async () => {
    const { id } = await openCampaign(world, { funds: 0n })
    assert.equal((await world.campaigns.read.campaigns([id])).funded, 0n)
  })

  it('names a campaign by chain, contract and terms', async () => {
    const terms = await newTerms(world)
    assert.equal(await world.campaigns.read.campaignId([terms]), campaignIdOf(world, terms))
    assert.notEqual(campaignIdOf(world, terms), campaignIdOf(world, { ...terms, nonce: 1n }))
  })

  it('accepts the signature of an operator that is a contract', async () => {
    const wallet = await deployMock('ContractWallet', contractWalletAbi, [address.operator])
    await world.tagToken.write.transfer([wallet.address, bond])
    for (const [to, data] of [
      [
        world.tagToken.address,
        encodeFunctionData({
          abi: tagTokenAbi,
          functionName: 'approve',
          args: [world.staking.address, bond],
        }),
      ],
      [
        world.staking.address,
        encodeFunctionData({ abi: stakingAbi, functionName: 'stake', args: [bond, noPermit] }),
      ],
    ] as const)
      await wallet.write.execute([to, data], as('operator'))
    const { id } = await openCampaign(world, { operator: wallet.address })
    assert.equal((await world.campaigns.read.campaigns([id])).isBonded, true)
  })

  it('uses a permit in place of an approval', async () => {
    await world.testUsd.write.approve([world.campaigns.address, 0n], as('requester'))
    const terms = await newTerms(world)
    const acceptance = await acceptanceOf(world, campaignIdOf(world, terms))
    const permit = await permitOf(world.testUsd, people.requester, world.campaigns.address)
    await world.campaigns.write.open([terms, usd(100), acceptance, permit], as('requester'))
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), usd(100))
  })

  it('goes on when somebody used the permit first', async () => {
    await world.testUsd.write.approve([world.campaigns.address, 0n], as('requester'))
    const terms = await newTerms(world)
    const acceptance = await acceptanceOf(world, campaignIdOf(world, terms))
    const permit = await permitOf(world.testUsd, people.requester, world.campaigns.address)
    const { value, deadline, v, r, s } = permit
    await world.testUsd.write.permit(
      [address.requester, world.campaigns.address, value, deadline, v, r, s],
      as('eve'),
    )
    await world.campaigns.write.open([terms, usd(100), acceptance, permit], as('requester'))
    assert.equal(await balanceOf(world.testUsd, world.campaigns.address), usd(100))
  })

  it('goes on with the allowance when the token knows no permit', async () => {
    const terms = await newTerms(world, { token: world.evil.address })
    const acceptance = await acceptanceOf(world, campaignIdOf(world, terms))
    const permit = { ...noPermit, deadline: 1n }
    await world.campaigns.write.open([terms, usd(100), acceptance, permit], as('requester'))
    assert.equal(await balanceOf(world.evil, world.campaigns.address), usd(100))
  })

  it('reverts without an allowance, whatever the permit', async () => {
    await world.testUsd.write.approve([world.campaigns.address, 0n], as('requester'))
    await reverts(tryOpen({}), 'ERC20InsufficientAllowance', [world.campaigns.address, 0n, usd(100)])
  })

  it('reverts for anyone but the requester', async () => {
    await reverts(tryOpen({ requester: address.ana }), 'NotRequester', [address.requester, address.ana])
  })

  it('reverts when the requester is the operator', async () => {
    await reverts(tryOpen({ operator: address.requester }), 'RequesterIsOperator', [address.requester])
  })

  it('reverts without a receipt key', async () => {
    await reverts(tryOpen({ receiptKey: zeroAddress }), 'ZeroAddress')
  })

  it('reverts when the token is not a contract', async () => {
    await reverts(tryOpen({ token: address.ana }), 'NotAToken', [address.ana])
  })

  it('reverts when the floor pay is above the base pay', async () => {
    await reverts(tryOpen({ floorPay: 2n, basePay: 1n }), 'FloorAboveBase', [2n, 1n])
  })

  it('reverts when contributors are promised more than everything', async () => {
    await reverts(tryOpen({ contributorsBps: 10_001 }), 'ContributorsShareTooHigh', [10_000n, 10_001n])
  })

  it('reverts when the deadline is not in the future', async () => {
    await reverts(tryOpen({ deadline: 1n }), 'DeadlinePassed', [1n])
  })

  it('reverts with another protocol fee than the current one', async () => {
    await reverts(tryOpen({ protocolFeeBps: 249 }), 'WrongProtocolFee', [250n, 249n])
    await world.parameters.write.setProtocolFeeBps([300])
    await reverts(tryOpen({}), 'WrongProtocolFee', [300n, 250n])
  })

  it('reverts when the operator fee is above the cap', async () => {
    await reverts(tryOpen({ operatorFeeBps: 1_001 }), 'OperatorFeeTooHigh', [1_000n, 1_001n])
  })

  it('reverts when the challenge window is out of bounds', async () => {
    const max = 14n * 86_400n
    await reverts(tryOpen({ challengeWindow: 59n }), 'WindowOutOfBounds', [59n, 60n, max])
    await reverts(tryOpen({ challengeWindow: max + 1n }), 'WindowOutOfBounds', [max + 1n, 60n, max])
  })

  it('reverts without the acceptance of exactly these terms', async () => {
    const terms = await newTerms(world)
    const id = campaignIdOf(world, terms)
    const attempts = [
      await acceptanceOf(world, id, people.eve),
      await acceptanceOf(world, campaignIdOf(world, { ...terms, basePay: terms.basePay + 1n })),
      '0x',
    ] as const
    for (const acceptance of attempts) {
      const call = world.campaigns.simulate.open([terms, 0n, acceptance, noPermit], as('requester'))
      await reverts(call, 'InvalidAcceptance', [id, address.operator])
    }
  })

  it('reverts when the operator is the zero address', async () => {
    const terms = await newTerms(world, { operator: zeroAddress })
    const call = world.campaigns.simulate.open([terms, 0n, `0x${'00'.repeat(65)}`, noPermit], as('requester'))
    await reverts(call, 'InvalidAcceptance')
  })

  it('reverts the second time', async () => {
    const { id, terms } = await openCampaign(world)
    const acceptance = await acceptanceOf(world, id)
    const call = world.campaigns.simulate.open([terms, 0n, acceptance, noPermit], as('requester'))
    await reverts(call, 'CampaignExists', [id])
  })

  it('reverts when the amount does not fit 96 bits', async () => {
    await reverts(tryOpen({}, 2n ** 96n), 'SafeCastOverflowedUintDowncast', [96, 2n ** 96n])
  })

  describe('with a hostile token', () => {
    const open = () => tryOpen({ token: world.evil.address })

    it('refuses a deposit the token takes a fee on', async () => {
      await world.evil.write.setTrick([world.campaigns.address, trick.taxReceiver])
      const values = [world.evil.address, world.campaigns.address, usd(100), usd(100) - 1n]
      await reverts(open(), 'InexactTransfer', values)
    })

    it('refuses a deposit that never arrives', async () => {
      await world.evil.write.setTrick([address.requester, trick.lie])
      await reverts(open(), 'InexactTransfer', [world.evil.address, world.campaigns.address, usd(100), 0n])
    })

    it('refuses a transfer that returns false', async () => {
      await world.evil.write.setTrick([address.requester, trick.returnFalse])
      await reverts(open(), 'SafeERC20FailedOperation', [world.evil.address])
    })

    it('takes a transfer that returns nothing', async () => {
      await world.evil.write.setTrick([address.requester, trick.returnNothing])
      await open()
    })
  })

  it('signs under the domain everyone knows', async () => {
    const { id } = await openCampaign(world)
    const digest = hashTypedData({
      domain: {
        name: 'Tagger Campaigns',
        version: '1',
        chainId: 31_337,
        verifyingContract: world.campaigns.address,
      },
      types: { Acceptance: [{ name: 'campaignId', type: 'bytes32' }] },
      primaryType: 'Acceptance',
      message: { campaignId: id },
    })
    assert.equal(await world.campaigns.read.acceptanceDigest([id]), digest)
  })
})
