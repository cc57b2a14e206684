import { licensesAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import { type endpoints, HeaderDocument, type ReplyOf } from '@tagger/protocol/wire'
import { decodeCursor, encodeCursor } from '../campaigns/cursor.ts'
import type { Node } from '../node.ts'
import { headerDocument } from '../settle/calls.ts'
import { payoutList } from '../settle/payout-list.ts'
import { poolOf, tokensOf } from './documents.ts'
import { type ShareRow, selectShares, type VersionRow } from './queries.ts'

type Share = ReplyOf<typeof endpoints.listShares>['data'][number]

/**
 * What an account may still claim of what a version's sales brought: of its source's part, rounded down, its own,
 * rounded down, less what it has. As the contract counts.
 */
export function shareDown(pool: {
  received: bigint
  version: VersionRow
  batch: Hex
  amount: bigint
  payoutsTotal: bigint
  claimed: bigint
}): { share: bigint; claimable: bigint } {
  const { received, version, batch, amount, payoutsTotal, claimed } = pool
  const parts = version.sources.map(({ weight, contributorsBps }) => BigInt(weight) * BigInt(contributorsBps))
  const whole = parts.reduce((sum, part) => sum + part, 0n)
  const part = parts[version.sources.findIndex((source) => source.batch === batch)] ?? 0n
  const own = whole === 0n ? 0n : (received * part) / whole
  const share = payoutsTotal === 0n ? 0n : (own * amount) / payoutsTotal
  return { share, claimable: share > claimed ? share - claimed : 0n }
}

/** A page of the dataset revenue an account has a part in, ready to claim. Throws `chain-unreachable`. */
export async function listShares(
  node: Node,
  account: Address,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ data: Share[]; nextCursor: string | null }> {
  const after = decodeCursor(cursor, ['string', 'number', 'string', 'string'])
  const found = await node.db.query<ShareRow>(selectShares(account, after, limit + 1))
  const rows = found.slice(0, limit)
  const tokens = await tokensOf(
    node,
    rows.map(({ token }) => token),
  )
  const shares: Share[] = []
  for (const row of rows) {
    const header = HeaderDocument.parse(row.header)
    const { batch, version, document } = row
    const pool = { passportId: row.passport_id, version, batch, token: row.token }
    const [received, claimed] = await Promise.all([poolOf(node, pool), shareClaimed(node, pool, account)])
    const { payoutsTotal } = header
    const amount = BigInt(row.amount)
    const part = { received, version: document, batch, amount, payoutsTotal, claimed }
    const { share, claimable } = shareDown(part)
    shares.push({
      datasetId: row.dataset_id,
      title: row.title,
      passportId: row.passport_id,
      version,
      sold: document,
      token: tokens.get(row.token)!,
      batch,
      header: headerDocument(header),
      claim: { account, amount: row.amount, proof: (await payoutList(node, batch))!.proofOf(account) },
      share: share.toString(),
      claimed: claimed.toString(),
      claimable: claimable.toString(),
    })
  }
  const last = rows.at(-1)
  const isMore = found.length > limit && last !== undefined
  return {
    data: shares,
    nextCursor: isMore ? encodeCursor([last.passport_id, last.version, last.batch, last.token]) : null,
  }
}

async function shareClaimed(
  node: Node,
  pool: { passportId: string; version: number; batch: Hex; token: Address },
  account: Address,
): Promise<bigint> {
  try {
    return await node.chain.client.readContract({
      address: node.chain.contracts.licenses,
      abi: licensesAbi,
      functionName: 'shareClaimed',
      args: [BigInt(pool.passportId), BigInt(pool.version), pool.token, pool.batch, account],
    })
  } catch (cause) {
    throw new TaggerError('chain-unreachable', 'The chain does not answer, so shares are not known now', {
      cause,
    })
  }
}
