import { passportsAbi } from '@tagger/contracts/abi'
import {
  type Address,
  type BatchHeader,
  batchHashOf,
  combineProofs,
  type Hex,
  payoutLeaf,
  type Terms,
} from '@tagger/protocol'
import type { PassportVersion } from '@tagger/protocol/wire'
import { encodeAbiParameters, keccak256 } from 'viem'

/** Terms as viem encodes them: the 64-bit fields are bigint there. */
export function onChainTerms(terms: Terms) {
  return {
    ...terms,
    deadline: BigInt(terms.deadline),
    grace: BigInt(terms.grace),
    challengeWindow: BigInt(terms.challengeWindow),
  }
}

/** A batch header as viem encodes it. */
export function onChainHeader(header: BatchHeader) {
  return { ...header, index: BigInt(header.index), cutAt: BigInt(header.cutAt) }
}

/** How a claim names the payouts of a batch. */
export function onChainPayouts(header: BatchHeader) {
  const { campaignId, payoutsRoot: root } = header
  return { campaignId, index: BigInt(header.index), batch: batchHashOf(header), root }
}

interface PayoutLine {
  account: Address
  amount: bigint
  proof: readonly Hex[]
}

/** Lines of one batch, with one proof for all of them. */
export function onChainClaims(campaignId: Hex, lines: readonly PayoutLine[]) {
  const leaves = lines.map((line) => ({ leaf: payoutLeaf(campaignId, line), proof: line.proof }))
  const { order, proof, flags } = combineProofs(leaves)
  return {
    accounts: order.map((place) => lines[place]!.account),
    amounts: order.map((place) => lines[place]!.amount),
    proof,
    proofFlags: flags,
  }
}

/** What shows a source of a passport, as viem encodes it. */
export function onChainProof({ terms, header }: { terms: Terms; header: BatchHeader }) {
  return { terms: onChainTerms(terms), header: onChainHeader(header) }
}

const versionInputs = passportsAbi.find(
  (item) => item.type === 'function' && item.name === 'versionHash',
)!.inputs

/** What a version of a passport is on chain: its hash, as `Passports.versionHash` computes it. */
export function versionHash(version: PassportVersion): Hex {
  return keccak256(encodeAbiParameters(versionInputs, [version]))
}
