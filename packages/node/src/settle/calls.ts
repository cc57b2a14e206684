import { campaignsAbi, disputesAbi } from '@tagger/contracts/abi'
import { type Address, type BatchHeader, type Hex, type Terms, ZERO32 } from '@tagger/protocol'
import type { HeaderDocument } from '@tagger/protocol/wire'
import { encodeFunctionData } from 'viem'
import type { z } from 'zod'

/** Terms as the contract's struct. */
export function termsStruct(terms: Terms) {
  return {
    ...terms,
    deadline: BigInt(terms.deadline),
    grace: BigInt(terms.grace),
    challengeWindow: BigInt(terms.challengeWindow),
  }
}

/** A header as the contract's struct. */
export function headerStruct(header: BatchHeader) {
  return { ...header, index: BigInt(header.index), cutAt: BigInt(header.cutAt) }
}

/** A header as JSON. */
export function headerDocument(header: BatchHeader): z.input<typeof HeaderDocument> {
  return { ...header, payoutsTotal: header.payoutsTotal.toString() }
}

/** Calldata of `Campaigns.propose`. `previousRoot` is the payouts root of the last final batch, if there is one. */
export function proposeCall(terms: Terms, header: BatchHeader, previousRoot: Hex | null): Hex {
  return encodeFunctionData({
    abi: campaignsAbi,
    functionName: 'propose',
    args: [termsStruct(terms), headerStruct(header), previousRoot ?? ZERO32],
  })
}

/** Calldata of `Campaigns.finalize`. */
export function finalizeCall(terms: Terms, header: BatchHeader): Hex {
  return encodeFunctionData({
    abi: campaignsAbi,
    functionName: 'finalize',
    args: [termsStruct(terms), headerStruct(header)],
  })
}

/** Calldata of `Campaigns.collectFees`. */
export function collectFeesCall(terms: Terms): Hex {
  return encodeFunctionData({ abi: campaignsAbi, functionName: 'collectFees', args: [termsStruct(terms)] })
}

/** Calldata of `Campaigns.close`. */
export function closeCall(terms: Terms): Hex {
  return encodeFunctionData({ abi: campaignsAbi, functionName: 'close', args: [termsStruct(terms)] })
}

/** Calldata of `Disputes.resolve`. */
export function resolveCall(id: Hex): Hex {
  return encodeFunctionData({ abi: disputesAbi, functionName: 'resolve', args: [id] })
}

/** Calldata of `Campaigns.withdrawBatch`. */
export function withdrawCall(terms: Terms, header: BatchHeader): Hex {
  const args = [termsStruct(terms), headerStruct(header)] as const
  return encodeFunctionData({ abi: campaignsAbi, functionName: 'withdrawBatch', args })
}

/** Calldata of `Campaigns.answer`: what the pending batch holds of an account; what it does not hold is not asked. */
export function answerCall(
  terms: Terms,
  header: BatchHeader,
  line: {
    account: Address
    chain?: { count: number; link: Hex; proof: Hex[] }
    payout?: { amount: bigint; proof: Hex[] }
  },
): Hex {
  const { account, chain, payout } = line
  return encodeFunctionData({
    abi: campaignsAbi,
    functionName: 'answer',
    args: [
      termsStruct(terms),
      headerStruct(header),
      { account, count: BigInt(chain?.count ?? 0), link: chain?.link ?? ZERO32, proof: chain?.proof ?? [] },
      { account, amount: payout?.amount ?? 0n, proof: payout?.proof ?? [] },
    ],
  })
}
