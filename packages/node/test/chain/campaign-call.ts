import { campaignsAbi, testUsdAbi } from '@tagger/contracts/abi'
import {
  type Address,
  type BatchHeader,
  campaignIdOf,
  encodeCanonical,
  fromHex,
  type Hex,
  type Terms,
  toHex,
  ZERO32,
} from '@tagger/protocol'
import { encodeFunctionData, hashTypedData, maxUint256 } from 'viem'
import { sql } from '../../src/db/sql.ts'
import { deploymentOf } from '../../src/node.ts'
import type { TestNode } from '../harness.ts'
import { randomAccount } from '../harness.ts'

const NO_PERMIT = { value: 0n, deadline: 0n, v: 0, r: ZERO32, s: ZERO32 }

/** A campaign on the chain, opened by a requester of its own; its spec says as little as the indexer reads. */
export interface OpenedCampaign {
  id: Hex
  terms: Terms
  requester: { privateKey: Hex; account: Address }
}

/** Terms as the contract's struct. */
function struct(terms: Terms) {
  const { deadline, grace, challengeWindow } = terms
  return {
    ...terms,
    deadline: BigInt(deadline),
    grace: BigInt(grace),
    challengeWindow: BigInt(challengeWindow),
  }
}

/** Opens a campaign the operator accepted; with `isForeign` the node keeps no acceptance of it. */
export async function openCampaign(
  t: TestNode,
  { amount = 1_000_000n, isForeign = false }: { amount?: bigint; isForeign?: boolean } = {},
): Promise<OpenedCampaign> {
  const { node } = t
  const requester = randomAccount()
  await node.chain.faucet!(requester.account)
  const { campaigns, testUsd } = node.chain.contracts
  const terms: Terms = {
    requester: requester.account,
    operator: node.keys.operator,
    receiptKey: node.keys.receiptKey,
    token: testUsd!,
    specHash: toHex(node.crypto.sha256(fromHex(requester.privateKey))),
    basePay: 10n,
    floorPay: 1n,
    operatorFeeBps: 250,
    protocolFeeBps: 250,
    contributorsBps: 5000,
    deadline: Math.floor(Date.now() / 1000) + 2_592_000,
    grace: 86_400,
    challengeWindow: 10,
    nonce: 1n,
  }
  const id = campaignIdOf(terms, deploymentOf(node))
  const acceptance = node.keys.signAsOperator(
    fromHex(
      hashTypedData({
        domain: {
          name: 'Tagger Campaigns',
          version: '1',
          chainId: node.chain.chainId,
          verifyingContract: campaigns,
        },
        types: { Acceptance: [{ name: 'campaignId', type: 'bytes32' }] },
        primaryType: 'Acceptance',
        message: { campaignId: id },
      }),
    ),
  )
  if (!isForeign) await keepAcceptance(t, id, terms, acceptance)
  await t.send(requester.privateKey, {
    to: testUsd!,
    data: encodeFunctionData({ abi: testUsdAbi, functionName: 'approve', args: [campaigns, maxUint256] }),
  })
  await t.send(requester.privateKey, {
    to: campaigns,
    data: encodeFunctionData({
      abi: campaignsAbi,
      functionName: 'open',
      args: [struct(terms), amount, acceptance, NO_PERMIT],
    }),
  })
  return { id, terms, requester }
}

/** Pays more into a campaign. */
export async function topUp(
  t: TestNode,
  { terms, requester }: OpenedCampaign,
  amount: bigint,
): Promise<void> {
  const args = [struct(terms), amount, NO_PERMIT] as const
  await t.send(requester.privateKey, {
    to: t.node.chain.contracts.campaigns,
    data: encodeFunctionData({ abi: campaignsAbi, functionName: 'topUp', args }),
  })
}

/** The header of an empty batch. */
export function emptyHeader({ id }: OpenedCampaign, index = 0): BatchHeader {
  return {
    campaignId: id,
    previous: ZERO32,
    index,
    cutAt: 1,
    bundle: ZERO32,
    recordsRoot: ZERO32,
    resultsRoot: ZERO32,
    payoutsRoot: ZERO32,
    payoutsTotal: 0n,
    state: ZERO32,
    closing: false,
  }
}

/** Calldata of `propose` and `finalize`. */
export function batchCall(name: 'propose' | 'finalize', { terms }: OpenedCampaign, header: BatchHeader): Hex {
  const words = { ...header, index: BigInt(header.index), cutAt: BigInt(header.cutAt) }
  const abi = campaignsAbi
  if (name === 'finalize')
    return encodeFunctionData({ abi, functionName: name, args: [struct(terms), words] })
  return encodeFunctionData({ abi, functionName: name, args: [struct(terms), words, ZERO32] })
}

async function keepAcceptance(t: TestNode, id: Hex, terms: Terms, signature: Hex): Promise<void> {
  const draft = id.slice(2, 38)
  const spec = encodeCanonical({ kind: 'annotate', title: 'Test' })
  await t.node.db.query(
    sql`insert into drafts (id, account, spec) values (${draft}, ${terms.requester}, ${{}})`,
  )
  await t.node.db.query(sql`
    insert into acceptances (campaign_id, draft_id, spec_hash, spec, terms, signature)
    values (${id}, ${draft}, ${terms.specHash}, ${spec}, ${terms}, ${signature})`)
}
