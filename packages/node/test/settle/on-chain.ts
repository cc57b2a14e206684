import { campaignsAbi, testUsdAbi } from '@tagger/contracts/abi'
import {
  type Address,
  combineProofs,
  fromHex,
  type Hex,
  payoutLeaf,
  payoutsTree,
  verifyCampaign,
  ZERO32,
} from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import { createWalletClient, defineChain, encodeFunctionData, hashTypedData, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { sql } from '../../src/db/sql.ts'
import { deploymentOf, type Node } from '../../src/node.ts'
import { termsStruct } from '../../src/settle/calls.ts'
import type { BatchRow } from '../../src/settle/queries.ts'
import type { StagedCampaign } from './staged-campaign.ts'

export const noPermit = { value: 0n, deadline: 0n, v: 0, r: ZERO32, s: ZERO32 }

/** A call to one of the contracts. */
export interface Call {
  to: Address
  data: Hex
}

/** Lets the escrow take test dollars. */
export function approveCall(node: Node, spender: Address, amount: bigint): Call {
  const data = encodeFunctionData({ abi: testUsdAbi, functionName: 'approve', args: [spender, amount] })
  return { to: node.chain.contracts.testUsd!, data }
}

/** Opens a staged campaign on chain with the operator's acceptance. */
export function openCall(campaign: StagedCampaign, amount: bigint): Call {
  const { node, terms, id } = campaign
  const { campaigns } = node.chain.contracts
  const digest = hashTypedData({
    domain: { name: 'Tagger Campaigns', version: '1', chainId: 31337, verifyingContract: campaigns },
    types: { Acceptance: [{ name: 'campaignId', type: 'bytes32' }] },
    primaryType: 'Acceptance',
    message: { campaignId: id },
  })
  const acceptance = node.keys.signAsOperator(fromHex(digest, 32))
  return {
    to: campaigns,
    data: encodeFunctionData({
      abi: campaignsAbi,
      functionName: 'open',
      args: [termsStruct(terms), amount, acceptance, noPermit],
    }),
  }
}

/** `close` or `refund` of a campaign. */
export function campaignCall(campaign: StagedCampaign, functionName: 'close' | 'refund'): Call {
  const data = encodeFunctionData({ abi: campaignsAbi, functionName, args: [termsStruct(campaign.terms)] })
  return { to: campaign.node.chain.contracts.campaigns, data }
}

/** Claims everything of a campaign's last final batch, for everybody. */
export async function claimAllCall(campaign: StagedCampaign): Promise<Call> {
  const { node, id } = campaign
  const batch = (await batchesOf(campaign)).findLast(({ status }) => status === 'final')!
  const rows = await node.db.query<{ account: Address; amount: string }>(
    sql`select account, amount from payouts where batch = ${batch.hash} order by account`,
  )
  const payouts = rows.map(({ account, amount }) => ({ account, amount: BigInt(amount) }))
  const tree = payoutsTree(id, payouts, node.crypto)
  const leaves = payouts.map((payout) => ({
    leaf: payoutLeaf(id, payout),
    proof: tree.proofOf(payout.account),
  }))
  const { order, proof, flags: proofFlags } = combineProofs(leaves, node.crypto)
  const header = HeaderDocument.parse(batch.header)
  const data = encodeFunctionData({
    abi: campaignsAbi,
    functionName: 'claimMany',
    args: [
      { campaignId: id, index: BigInt(header.index), batch: batch.hash, root: header.payoutsRoot },
      {
        accounts: order.map((place) => payouts[place]!.account),
        amounts: order.map((place) => payouts[place]!.amount),
        proof,
        proofFlags,
      },
    ],
  })
  return { to: node.chain.contracts.campaigns, data }
}

/** Batches of a campaign in order, void ones too. */
export async function batchesOf({ node, id }: StagedCampaign): Promise<BatchRow[]> {
  return await node.db.query<BatchRow>(
    sql`select * from batches where campaign_id = ${id} order by batch_index, created_at`,
  )
}

/** Verifies a campaign from its stored bundles. */
export async function verifyStaged(campaign: StagedCampaign) {
  const { node, terms } = campaign
  const finals = (await batchesOf(campaign)).filter(({ status }) => status === 'final')
  const bundles = await Promise.all(finals.map(async ({ bundle }) => (await node.blobs.get(bundle))!))
  const headers = finals.map((row) => HeaderDocument.parse(row.header))
  const facts = { deployment: deploymentOf(node), terms, headers }
  return await verifyCampaign(bundles, facts, { crypto: node.crypto })
}

/** What an account holds of the test dollar. */
export async function dollarsOf(node: Node, account: Address): Promise<bigint> {
  const read = () =>
    node.chain.client.readContract({
      address: node.chain.contracts.testUsd!,
      abi: testUsdAbi,
      functionName: 'balanceOf',
      args: [account],
    })
  // Anvil refuses to read at its latest block when it mines the next one at that moment.
  return await read().catch((error) =>
    /BlockOutOfRange/.test(String(error)) ? read() : Promise.reject(error),
  )
}

/** Waits until something holds. */
export async function until(
  what: string | (() => string),
  holds: () => Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end) {
      throw new Error(`Waited ${seconds} s in vain: ${typeof what === 'string' ? what : what()}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Sends a call and waits until it is mined. */
export async function sendCall(node: Node, privateKey: Hex, call: Call): Promise<void> {
  const { client, chainId, rpcUrl } = node.chain
  const wallet = createWalletClient({
    account: privateKeyToAccount(privateKey),
    chain: defineChain({
      id: chainId,
      name: 'local',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [rpcUrl!] } },
    }),
    transport: http(),
  })
  const hash = await wallet.sendTransaction(call)
  const { status } = await client.waitForTransactionReceipt({ hash, pollingInterval: 50 })
  if (status !== 'success') throw new Error(`A call to ${call.to} was reverted`)
}
