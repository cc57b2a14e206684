import { parametersAbi, stakingAbi, tagTokenAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import { encodeFunctionData, type PublicClient, parseEther, zeroHash } from 'viem'
import type { Contracts } from '../node.ts'
import { type Send, sendFrom } from './local-accounts.ts'

/** Bonds for a hundred thousand campaigns. */
const OPERATOR_STAKE = parseEther('1000000000')
/** What the faucet gives: a person who validates weighs as much as one of these. */
const VALIDATOR_STAKE = parseEther('1000')
/** More than any of this takes. Not estimated: an estimate made in the second of the last change misses a new checkpoint. */
const GAS = 500_000n
const NO_PERMIT = { value: 0n, deadline: 0n, v: 0, r: zeroHash, s: zeroHash }

/**
 * Stakes TAG of the local network: for the operator, whose bonds it covers, and for validators, whose accounts the
 * chain holds. Does nothing for those who have enough, so it may run at every start.
 */
export async function stakeLocally(options: {
  client: PublicClient
  /** Sends from the account that holds the supply. */
  send: Send
  contracts: Contracts
  operator: Address
  validators: readonly Address[]
}): Promise<void> {
  const { client, send, contracts, operator, validators } = options
  const { staking, tagToken, parameters } = contracts
  const stakeOf = (account: Address) =>
    client.readContract({ address: staking, abi: stakingAbi, functionName: 'stakes', args: [account] })

  async function give(account: Address, amount: bigint): Promise<void> {
    const approve = encodeFunctionData({ abi: tagTokenAbi, functionName: 'approve', args: [staking, amount] })
    const args = [account, amount, NO_PERMIT] as const
    await carryOut(send, tagToken, approve)
    await carryOut(send, staking, encodeFunctionData({ abi: stakingAbi, functionName: 'stakeFor', args }))
  }

  const bond = await client.readContract({
    address: parameters,
    abi: parametersAbi,
    functionName: 'operatorBond',
  })
  const { staked, bonded } = await stakeOf(operator)
  if (staked - bonded < bond * 1_000n) await give(operator, OPERATOR_STAKE)
  for (const validator of validators) {
    if ((await stakeOf(validator)).staked > 0n) continue
    await give(validator, VALIDATOR_STAKE)
    const start = { abi: stakingAbi, functionName: 'startValidating', args: [VALIDATOR_STAKE] } as const
    await carryOut(sendFrom(client, validator), staking, encodeFunctionData(start))
  }
}

async function carryOut(send: Send, to: Address, data: Hex): Promise<void> {
  const { status } = await send({ to, data, gas: GAS })
  if (status !== 'success')
    throw new TaggerError('transaction-failed', 'Could not stake on the local network')
}
