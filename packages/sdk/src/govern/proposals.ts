import { parametersAbi, stakingAbi, tagGovernorAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import { encodeFunctionData, keccak256, parseEventLogs, stringToHex, type TransactionReceipt } from 'viem'
import { nowSeconds } from '../clock.ts'
import type { Link } from '../connection.ts'
import { contractWriter } from './write.ts'

/** As the governor numbers them. */
const CHOICES = ['against', 'for', 'abstain'] as const
export type Choice = (typeof CHOICES)[number]

/** What the governor asks for again when a proposal is queued or executed. */
export interface Proposed {
  description: string
  calls: readonly { target: Address; value: bigint; calldata: Hex }[]
}

/** Proposals to the governor, and votes on them. */
export interface Proposals {
  /** Votes an account has now, or had at a moment in seconds since epoch. */
  votes(account?: Address, at?: number): Promise<bigint>
  /** Votes, for or abstaining, that a proposal made now needs. */
  quorum(): Promise<bigint>
  /** Proposes to change one of the network's numbers; an address is given as its number. */
  proposeParameter(input: {
    name: string
    value: bigint
    description: string
  }): Promise<{ id: string; transaction: Hex }>
  vote(proposalId: string, choice: Choice): Promise<TransactionReceipt>
  /** Has what was accepted wait in the timelock. */
  queue(proposal: Proposed): Promise<TransactionReceipt>
  /** Does what was accepted once it has waited. */
  execute(proposal: Proposed): Promise<TransactionReceipt>
}

/** The proposals of a client. */
export function createProposals(link: Link): Proposals {
  const self = () => link.requireWallet().account

  const write = contractWriter(link, 'tagGovernor', tagGovernorAbi)

  return {
    async votes(account = self(), at) {
      const { client, network } = await link.chain()
      const read = { address: network.contracts.staking, abi: stakingAbi } as const
      if (at === undefined || at >= nowSeconds()) {
        return await client.readContract({ ...read, functionName: 'getVotes', args: [account] })
      }
      // A local chain mines when there is something to mine: for its last block that moment may be yet to come.
      const blockTag = network.isLocal ? 'pending' : 'latest'
      const args = [account, BigInt(at)] as const
      return await client.readContract({ ...read, functionName: 'getPastVotes', args, blockTag })
    },
    async quorum() {
      const { client, network } = await link.chain()
      const read = { address: network.contracts.tagGovernor, abi: tagGovernorAbi } as const
      return await client.readContract({
        ...read,
        functionName: 'quorum',
        args: [BigInt(nowSeconds() - 1)],
      })
    },
    async proposeParameter({ name, value, description }) {
      const { network } = await link.chain()
      const { logs, transactionHash } = await write('Making the proposal', 'propose', [
        [network.contracts.parameters],
        [0n],
        [setterData(name, value)],
        description,
      ])
      const [created] = parseEventLogs({ abi: tagGovernorAbi, logs, eventName: 'ProposalCreated' })
      if (created === undefined) throw new TaggerError('transaction-failed', 'There is no proposal')
      return { id: String(created.args.proposalId), transaction: transactionHash }
    },
    vote: (proposalId, choice) => write('Voting', 'castVote', [BigInt(proposalId), CHOICES.indexOf(choice)]),
    queue: (proposal) => write('Queueing the proposal', 'queue', argsOf(proposal)),
    execute: (proposal) => write('Executing the proposal', 'execute', argsOf(proposal)),
  }
}

function argsOf({ calls, description }: Proposed) {
  return [
    calls.map(({ target }) => target),
    calls.map(({ value }) => value),
    calls.map(({ calldata }) => calldata),
    keccak256(stringToHex(description)),
  ] as const
}

type Setter = Extract<(typeof parametersAbi)[number], { type: 'function'; name: `set${string}` }>['name']

/** The call of a parameter's setter. @throws TaggerError `bad-request` for one that has none. */
function setterData(name: string, value: bigint): Hex {
  const functionName = `set${name[0]?.toUpperCase()}${name.slice(1)}` as Setter
  if (!parametersAbi.some((item) => item.type === 'function' && item.name === functionName)) {
    throw new TaggerError('bad-request', `"${name}" is no parameter that can be set`)
  }
  // Solidity's narrow integers are numbers in viem's types; it takes a bigint for each when it encodes.
  const argument = name === 'treasury' ? `0x${value.toString(16).padStart(40, '0')}` : value
  const call = { abi: parametersAbi, functionName, args: [argument] }
  return encodeFunctionData(call as Parameters<typeof encodeFunctionData>[0])
}
