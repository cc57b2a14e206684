import { tagGovernorAbi, tagTokenAbi } from '@tagger/contracts/abi'
import { TaggerError } from '@tagger/protocol'
import type { endpoints, ReplyOf } from '@tagger/protocol/wire'
import { decodeCursor, encodeCursor } from '../campaigns/cursor.ts'
import { abis, contractAt, contractTitles } from '../chain/contracts.ts'
import { fromChain } from '../chain/from-chain.ts'
import { decodeCall } from '../network/transaction.ts'
import type { Contracts, Node } from '../node.ts'
import { isoTime } from './iso-time.ts'
import { type ProposalRow, type ProposalVoteRow, selectProposals, selectProposalVotes } from './queries.ts'

type Listed = ReplyOf<(typeof endpoints)['listProposals']>
type Proposal = ReplyOf<(typeof endpoints)['getProposal']>

const BPS = 10_000n
/** Of OpenZeppelin's `ProposalState`. */
const CANCELED = 2
const QUEUED = 5
const EXECUTED = 7

/** A page of proposals, newest first. */
export async function listProposals(
  node: Node,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Listed> {
  const place = decodeCursor(cursor, ['number', 'string'])
  const after = place && { createdAt: place[0] as number, id: place[1] as string }
  const rows = await node.db.query<ProposalRow>(selectProposals({ after, limit: limit + 1 }))
  const last = rows[limit - 1]
  const data: Listed['data'] = []
  for (const row of rows.slice(0, limit)) data.push(await summaryOf(node, row))
  return {
    data,
    nextCursor: rows.length > limit && last ? encodeCursor([last.created_at, last.id]) : null,
  }
}

/** A proposal with its votes. Throws `not-found`. */
export async function getProposal(node: Node, id: string): Promise<Proposal> {
  const [row] = await node.db.query<ProposalRow>(selectProposals({ id, after: null, limit: 1 }))
  if (!row) throw new TaggerError('not-found', `There is no proposal ${id} on this network`)
  const votes = await node.db.query<ProposalVoteRow>(selectProposalVotes(id))
  return { ...(await summaryOf(node, row)), votes }
}

/** Where a proposal stands by the clock, in the order in which OpenZeppelin's governor asks. */
export function stateOf(
  proposal: Pick<
    ProposalRow,
    'status' | 'vote_start' | 'vote_end' | 'for_votes' | 'against_votes' | 'abstain_votes'
  >,
  quorum: bigint,
  now: Date,
): Proposal['state'] {
  const { status, vote_start, vote_end } = proposal
  if (status !== 'proposed') return status
  const seconds = Math.floor(now.getTime() / 1000)
  if (vote_start >= seconds) return 'pending'
  if (vote_end >= seconds) return 'active'
  const [inFavor, against, abstaining] = [
    BigInt(proposal.for_votes),
    BigInt(proposal.against_votes),
    BigInt(proposal.abstain_votes),
  ]
  return inFavor + abstaining >= quorum && inFavor > against ? 'succeeded' : 'defeated'
}

/** What a list shows of a description: its first line with words, without heading marks. */
export function titleOf(description: string): string {
  const line = description.split('\n').find((text) => /[^#\s]/.test(text)) ?? ''
  const title = line.replace(/^[#\s]+/, '').trim()
  return title.length > 200 ? `${title.slice(0, 199)}…` : title
}

async function summaryOf(node: Node, row: ProposalRow): Promise<Listed['data'][number]> {
  const quorum = ((await supplyOf(node)) * BigInt(row.quorum_bps)) / BPS
  return {
    id: row.id,
    proposer: row.proposer,
    title: titleOf(row.description),
    description: row.description,
    calls: row.calls.map((call) => callDocument(call, node.chain.contracts)),
    state: await currentState(node, row, quorum),
    createdAt: isoTime(row.created_at),
    voteStart: isoTime(row.vote_start),
    voteEnd: isoTime(row.vote_end),
    forVotes: row.for_votes,
    againstVotes: row.against_votes,
    abstainVotes: row.abstain_votes,
    quorum: quorum.toString(),
    eta: row.eta === null ? null : isoTime(row.eta),
    transaction: row.propose_transaction,
  }
}

/** What is queued may be carried out in the timelock itself, by anyone: of that only the chain's own state tells. */
async function currentState(node: Node, row: ProposalRow, quorum: bigint): Promise<Proposal['state']> {
  const now = node.now()
  const state = stateOf(row, quorum, now)
  if (state !== 'queued' || row.eta === null || row.eta > now.getTime() / 1000) return state
  const { client, contracts } = node.chain
  const call = { address: contracts.tagGovernor, abi: tagGovernorAbi, functionName: 'state' } as const
  const current = await client.readContract({ ...call, args: [BigInt(row.id)] }).catch(() => QUEUED)
  return current === EXECUTED ? 'executed' : current === CANCELED ? 'canceled' : state
}

function callDocument({ target, value, calldata }: ProposalRow['calls'][number], contracts: Contracts) {
  const contract = contractAt(contracts, target)
  const call = contract && decodeCall(abis[contract], calldata)
  return {
    target,
    contract: contract && contractTitles[contract],
    name: call?.name ?? null,
    arguments: call?.arguments ?? [],
    value,
    calldata,
  }
}

const supplies = new WeakMap<Node['chain'], bigint>()

/** All TAG there is, which never changes. */
async function supplyOf({ chain }: Node): Promise<bigint> {
  const known = supplies.get(chain)
  if (known !== undefined) return known
  const supply = await fromChain(() =>
    chain.client.readContract({
      address: chain.contracts.tagToken,
      abi: tagTokenAbi,
      functionName: 'totalSupply',
    }),
  )
  supplies.set(chain, supply)
  return supply
}
