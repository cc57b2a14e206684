import { disputesAbi, stakingAbi, tagGovernorAbi, tagTokenAbi, timelockAbi } from '@tagger/contracts/abi'
import { type Address, type BatchHeader, type Hex, ZERO32 } from '@tagger/protocol'
import {
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  maxUint256,
  type TransactionReceipt,
  toHex,
} from 'viem'
import { localAccounts, sendFrom } from '../../src/chain/local-accounts.ts'
import { enqueue } from '../../src/chain/outbox.ts'
import { headerStruct, termsStruct } from '../../src/settle/calls.ts'
import { batchCall, emptyHeader, type OpenedCampaign, openCampaign } from '../chain/campaign-call.ts'
import { randomAccount, type TestNode } from '../harness.ts'

const noPermit = { value: 0n, deadline: 0n, v: 0, r: ZERO32, s: ZERO32 }
/** More than anything here takes: an estimate made in the second of a change misses new checkpoints. */
const GAS = 1_000_000n

/** A clock for the node that goes with the chain's when a test moves that. */
export class Clock {
  ahead = 0
  now = () => new Date(Date.now() + this.ahead * 1000)

  async forward(t: TestNode, seconds: number): Promise<void> {
    await rpc(t, 'evm_increaseTime', [seconds])
    await rpc(t, 'evm_mine')
    this.ahead += seconds
    await t.sync()
  }
}

/** A method of the chain's own. */
export function rpc(t: TestNode, method: string, params: unknown[] = []): Promise<unknown> {
  return t.node.chain.client.request({ method, params } as never)
}

/** Someone who acts on the chain: its call is mined and indexed when this returns. */
export type Actor = {
  account: Address
  send(to: Address, data: Hex): Promise<TransactionReceipt>
}

/** An account with gas and a thousand TAG, which the contracts may take. */
export async function person(t: TestNode): Promise<Actor> {
  const { account, privateKey } = randomAccount()
  await t.node.chain.faucet!(account)
  const actor: Actor = {
    account,
    send: (to, data) => t.send(privateKey, { to, data, gas: GAS } as never).then(succeeded),
  }
  await allowTag(t, actor)
  return actor
}

/** The account that holds the supply, and the validators of the local network. */
export async function locals(t: TestNode): Promise<{ giver: Actor; validators: Actor[] }> {
  const { client } = t.node.chain
  const actorOf = (account: Address): Actor => {
    const send = sendFrom(client, account)
    return {
      account,
      async send(to, data) {
        const receipt = succeeded(await send({ to, data, gas: GAS }))
        await t.sync()
        return receipt
      },
    }
  }
  const { giver, validators } = await localAccounts(client)
  return { giver: actorOf(giver), validators: validators.map(actorOf) }
}

export async function allowTag(t: TestNode, actor: Actor): Promise<void> {
  const { tagToken, staking, disputes } = t.node.chain.contracts
  for (const spender of [staking, disputes]) {
    const args = [spender, maxUint256] as const
    await actor.send(tagToken, encodeFunctionData({ abi: tagTokenAbi, functionName: 'approve', args }))
  }
}

type StakeCall = 'stake' | 'startCooling' | 'startValidating' | 'stopValidating'

/** Moves an account's stake. */
export function moveStake(t: TestNode, actor: Actor, functionName: StakeCall, amount: bigint) {
  const data =
    functionName === 'stake'
      ? encodeFunctionData({ abi: stakingAbi, functionName, args: [amount, noPermit] })
      : encodeFunctionData({ abi: stakingAbi, functionName, args: [amount] })
  return actor.send(t.node.chain.contracts.staking, data)
}

/** A campaign with an empty batch pending. */
export async function proposedBatch(
  t: TestNode,
  { cutAt = 1, ...options }: { isForeign?: boolean; cutAt?: number } = {},
): Promise<{ campaign: OpenedCampaign; header: BatchHeader }> {
  const campaign = await openCampaign(t, options)
  const header = { ...emptyHeader(campaign), cutAt }
  const { campaigns } = t.node.chain.contracts
  const data = batchCall('propose', campaign, header)
  await enqueue(t.node.db, { id: `propose:${campaign.id}`, purpose: 'propose', contract: campaigns, data })
  await t.sync()
  return { campaign, header }
}

/** Challenges a pending batch; answers with the dispute's id. */
export async function challenge(
  t: TestNode,
  by: Actor,
  { campaign, header }: { campaign: Pick<OpenedCampaign, 'terms'>; header: BatchHeader },
  reason: string,
): Promise<Hex> {
  const { disputes } = t.node.chain.contracts
  const args = [termsStruct(campaign.terms), headerStruct(header), reason, noPermit] as const
  const data = encodeFunctionData({ abi: disputesAbi, functionName: 'challenge', args })
  const { logs } = await by.send(disputes, data)
  return logs.find(({ address }) => address.toLowerCase() === disputes)!.topics[1]!
}

export async function commit(t: TestNode, by: Actor, id: Hex, isValid: boolean): Promise<void> {
  const commitment = keccak256(
    encodeAbiParameters(
      [{ type: 'bytes32' }, { type: 'address' }, { type: 'bool' }, { type: 'bytes32' }],
      [id, by.account, isValid, ZERO32],
    ),
  )
  const args = [id, commitment] as const
  const data = encodeFunctionData({ abi: disputesAbi, functionName: 'commitVote', args })
  await by.send(t.node.chain.contracts.disputes, data)
}

export async function reveal(t: TestNode, by: Actor, id: Hex, isValid: boolean): Promise<void> {
  const args = [id, isValid, ZERO32] as const
  const data = encodeFunctionData({ abi: disputesAbi, functionName: 'revealVote', args })
  await by.send(t.node.chain.contracts.disputes, data)
}

export async function resolve(t: TestNode, by: Actor, id: Hex): Promise<void> {
  const data = encodeFunctionData({ abi: disputesAbi, functionName: 'resolve', args: [id] })
  await by.send(t.node.chain.contracts.disputes, data)
}

export async function settleVote(t: TestNode, by: Actor, id: Hex, voter: Address): Promise<void> {
  const data = encodeFunctionData({ abi: disputesAbi, functionName: 'settle', args: [id, voter] })
  await by.send(t.node.chain.contracts.disputes, data)
}

/** One call to the network's parameters, proposed; answers with what queueing and executing take. */
export function proposalOf(t: TestNode, calldata: Hex, description: string) {
  const call = [[t.node.chain.contracts.parameters], [0n], [calldata]] as const
  const hashed = [...call, keccak256(new TextEncoder().encode(description))] as const
  const abi = tagGovernorAbi
  const { tagGovernor } = t.node.chain.contracts
  const salt = toHex(BigInt(hashed[3]) ^ (BigInt(tagGovernor) << 96n), { size: 32 })
  return {
    propose: encodeFunctionData({ abi, functionName: 'propose', args: [...call, description] }),
    queue: encodeFunctionData({ abi, functionName: 'queue', args: hashed }),
    execute: encodeFunctionData({ abi, functionName: 'execute', args: hashed }),
    executeDirectly: encodeFunctionData({
      abi: timelockAbi,
      functionName: 'executeBatch',
      args: [...call, ZERO32, salt],
    }),
  }
}

function succeeded(receipt: TransactionReceipt): TransactionReceipt {
  if (receipt.status !== 'success') throw new Error(`A call to ${receipt.to} was reverted`)
  return receipt
}
