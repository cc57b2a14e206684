import { parametersAbi } from '@tagger/contracts/abi'
import type { endpoints, ReplyOf } from '@tagger/protocol/wire'
import { type Abi, BaseError, ContractFunctionRevertedError, maxUint16, maxUint64, maxUint128 } from 'viem'
import { abis } from '../chain/contracts.ts'
import { fromChain } from '../chain/from-chain.ts'
import type { Node } from '../node.ts'
import { selectParametersStamp } from './queries.ts'

type Listed = ReplyOf<(typeof endpoints)['listParameters']>
type Parameter = Listed['data'][number]

/** What each number of `Parameters` counts, in the order of the contract. */
const UNITS = {
  protocolFeeBps: 'bps',
  maxOperatorFeeBps: 'bps',
  minChallengeWindow: 'seconds',
  maxChallengeWindow: 'seconds',
  treasury: 'account',
  operatorBond: 'tag',
  stakeCooldown: 'seconds',
  minValidatorStake: 'tag',
  disputeBond: 'tag',
  commitTime: 'seconds',
  revealTime: 'seconds',
  disputeQuorumBps: 'bps',
  voterSlashBps: 'bps',
  votingDelay: 'seconds',
  votingPeriod: 'seconds',
  proposalThreshold: 'tag',
} as const satisfies Record<string, Parameter['unit']>
type Name = keyof typeof UNITS

/** More than any bound, as wide as the setters take. */
const TOO_MUCH = { bps: maxUint16, seconds: maxUint64, tag: maxUint128 }

const remembered = new WeakMap<Node['chain'], { stamp: string; data: Parameter[] }>()

/**
 * The network's numbers and their bounds, as the chain has them; read anew after each change of one of them.
 * Throws `chain-unreachable`.
 */
export async function listParameters(node: Node): Promise<Listed> {
  const [row] = await node.db.query<{ stamp: string }>(selectParametersStamp())
  const stamp = row?.stamp ?? ''
  const known = remembered.get(node.chain)
  if (known?.stamp === stamp) return { data: known.data }
  const names = Object.keys(UNITS) as Name[]
  const data = await fromChain(() => Promise.all(names.map((name) => readParameter(node, name))))
  remembered.set(node.chain, { stamp, data })
  return { data }
}

async function readParameter({ chain }: Node, name: Name): Promise<Parameter> {
  const unit = UNITS[name]
  const { client, contracts } = chain
  const read = { address: contracts.parameters, abi: parametersAbi, functionName: name } as const
  const value = String(await client.readContract(read)).toLowerCase()
  if (unit === 'account') return { name, value, least: null, most: null, unit }
  return { name, value, ...(await readBounds(chain, name, TOO_MUCH[unit])), unit }
}

/**
 * The bounds are constants of the code, some moved by other parameters. The contract tells them to whoever owns it
 * and would set too much; nothing is sent.
 */
async function readBounds({ client, contracts }: Node['chain'], name: Name, tooMuch: number | bigint) {
  const functionName = `set${name[0]!.toUpperCase()}${name.slice(1)}`
  const abi: Abi = abis.parameters
  const call = { address: contracts.parameters, abi, functionName, args: [tooMuch] }
  try {
    await client.simulateContract({ ...call, account: contracts.timelock })
  } catch (error) {
    const refused = error instanceof BaseError ? error.walk(isRefusal) : null
    if (!(refused instanceof ContractFunctionRevertedError)) throw error
    const [, , least, most] = (refused.data?.args ?? []) as [unknown, unknown, bigint, bigint]
    if (refused.data?.errorName === 'OutOfBounds') return { least: String(least), most: String(most) }
  }
  return { least: null, most: null }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ContractFunctionRevertedError
}
