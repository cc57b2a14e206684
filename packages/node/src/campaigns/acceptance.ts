import { randomBytes } from 'node:crypto'
import { parametersAbi } from '@tagger/contracts/abi'
import {
  type Address,
  type Canonical,
  campaignIdOf,
  costOf,
  encodeCanonical,
  encodeSpec,
  equalBytes,
  fromHex,
  type Hex,
  specHashOf,
  TaggerError,
} from '@tagger/protocol'
import { type AcceptanceDocument, TermsDocument } from '@tagger/protocol/wire'
import { hashTypedData, parseUnits } from 'viem'
import type { z } from 'zod'
import { countItems, type LockedDraftRow, lockDraft } from '../collect/queries.ts'
import { challengeWindowOf, leastsOf } from '../config.ts'
import type { Database } from '../db/database.ts'
import { acceptedTokens, tokenDocument } from '../network/tokens.ts'
import { deploymentOf, type Node } from '../node.ts'
import { type CommittedItems, composeSpec } from './compose-spec.ts'
import { loadDraft } from './drafts.ts'
import {
  type AcceptanceRow,
  type CommittedRow,
  insertAcceptance,
  type ShapeRow,
  selectAcceptances,
  selectCommitted,
  selectShapes,
} from './queries.ts'
import {
  checkTerms,
  checkWorth,
  composeTerms,
  type OperatorSide,
  type TermsRequest,
  termsDocument,
} from './terms.ts'

type Acceptance = z.input<typeof AcceptanceDocument>

/**
 * Fixes a draft and gives the operator's signature on terms for it. Asking again for the same terms answers the
 * same campaign; other terms are another campaign of the same items, of which the first one opened is worked on.
 */
export async function acceptDraft(
  node: Node,
  draft: { id: string; account: Address },
  request: TermsRequest,
): Promise<Acceptance> {
  const { spec: written } = await loadDraft(node, draft.id, draft.account)
  const token = await tokenDocument(node, request.token)
  const side = await operatorSide(node, token.decimals)
  checkTerms(draft.account, request, side)
  const committed = await loadCommitted(node.db, draft.id)
  const spec = composeSpec(written, committed, node.crypto)
  const items = spec.items?.count ?? spec.intake!.maxItems
  checkWorth({ spec, items, token }, request, side)
  const cost = costOf({ spec, items, ...request, ...side })
  const nonce = BigInt(`0x${randomBytes(16).toString('hex')}`)
  const terms = composeTerms(draft.account, request, side, { specHash: specHashOf(spec, node.crypto), nonce })
  const campaignId = campaignIdOf(terms, deploymentOf(node), node.crypto)
  const fresh = {
    campaign_id: campaignId,
    terms: termsDocument(terms),
    signature: signAcceptance(node, campaignId),
  }

  const accepted = await node.db.transaction(async (tx) => {
    await checkUnchanged(tx, draft.id, { written, items: committed.items.length })
    const earlier = await tx.query<AcceptanceRow>(selectAcceptances(draft.id))
    const same = earlier.find((row) => isSame(withoutNonce(row.terms), withoutNonce(fresh.terms)))
    if (same !== undefined) return same
    const { specHash } = terms
    await tx.query(
      insertAcceptance({
        ...{ campaignId, draftId: draft.id, specHash, spec: encodeSpec(spec) },
        ...{ terms: fresh.terms, signature: fresh.signature, now: node.now() },
      }),
    )
    return fresh
  })
  return {
    campaignId: accepted.campaign_id,
    specHash: terms.specHash,
    terms: termsDocument(TermsDocument.parse(accepted.terms)),
    acceptance: accepted.signature,
    cost: {
      ...cost,
      payMost: cost.payMost.toString(),
      payLeast: cost.payLeast.toString(),
      operatorFee: cost.operatorFee.toString(),
      protocolFee: cost.protocolFee.toString(),
      deposit: cost.deposit.toString(),
    },
  }
}

/** The operator's EIP-712 word that it runs this campaign; `Campaigns.open` asks for it. */
export function signAcceptance(node: Node, campaignId: Hex): Hex {
  const { chainId, campaigns: verifyingContract } = deploymentOf(node)
  const digest = hashTypedData({
    domain: { name: 'Tagger Campaigns', version: '1', chainId, verifyingContract },
    types: { Acceptance: [{ name: 'campaignId', type: 'bytes32' }] },
    primaryType: 'Acceptance',
    message: { campaignId },
  })
  return node.keys.signAsOperator(fromHex(digest, 32))
}

async function operatorSide(node: Node, decimals: number): Promise<OperatorSide> {
  const { config, chain, keys } = node
  const { parameters: address } = chain.contracts
  let protocolFeeBps: number
  try {
    const read = { address, abi: parametersAbi, functionName: 'protocolFeeBps' } as const
    protocolFeeBps = Number(await chain.client.readContract(read))
  } catch (cause) {
    throw new TaggerError('chain-unreachable', 'The chain could not be asked for the protocol’s fee', {
      cause,
      hints: ['Try again in a moment.'],
    })
  }
  return {
    operator: keys.operator,
    receiptKey: keys.receiptKey,
    operatorFeeBps: config.operatorFeeBps,
    protocolFeeBps,
    challengeWindow: challengeWindowOf(config, chain),
    tokens: acceptedTokens(node),
    leastFee: parseUnits(leastsOf(config, chain).batchFee, decimals),
    now: Math.floor(node.now().getTime() / 1000),
  }
}

async function loadCommitted(db: Database, draftId: string): Promise<CommittedItems> {
  const items = await db.query<CommittedRow>(selectCommitted(draftId))
  const shapes = await db.query<ShapeRow>(selectShapes(draftId))
  return {
    items: items.map(({ id }) => id),
    gold: items.flatMap(({ id: item, gold_label: label, gold_salt: salt }) =>
      label === null || salt === null ? [] : [{ item, label, salt }],
    ),
    shapes: shapes.map(({ columns, is_image, items: count }) => ({
      columns,
      isImage: is_image,
      items: count,
    })),
  }
}

/** Locks the draft and refuses when another request changed it after it was read. */
async function checkUnchanged(
  tx: Database,
  draftId: string,
  read: { written: Record<string, unknown>; items: number },
): Promise<void> {
  const [locked] = await tx.query<LockedDraftRow>(lockDraft(draftId))
  if (locked === undefined) throw new TaggerError('not-found', 'You have no such draft')
  const [counted] = await tx.query<{ items: number }>(countItems(draftId))
  // Pieces collected since the campaign opened are not what its spec commits to.
  const isFixed = locked.is_accepted || counted!.items === read.items
  if (isFixed && isSame(locked.spec, read.written)) return
  throw new TaggerError('conflict', 'This draft changed while its terms were made', { hints: ['Try again.'] })
}

function withoutNonce(terms: unknown): unknown {
  return { ...(terms as object), nonce: '' }
}

function isSame(a: unknown, b: unknown): boolean {
  return equalBytes(encodeCanonical(a as Canonical), encodeCanonical(b as Canonical))
}
