import { concatBytes, padWord, word } from '../bytes/concat.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Address, fromHex, type Hex, toHex } from '../bytes/hex.ts'

/** What the contract holds a campaign to. Amounts in the token's smallest unit, times in seconds. */
export interface Terms {
  requester: Address
  operator: Address
  /** Plain key that signs receipts; never changes. */
  receiptKey: Address
  token: Address
  specHash: Hex
  /** Full pay of one annotation of the least difficult item. */
  basePay: bigint
  /** Least pay of a receipted record. */
  floorPay: bigint
  operatorFeeBps: number
  protocolFeeBps: number
  /** Share of dataset revenue that goes to the workers named in the payouts root. */
  contributorsBps: number
  deadline: number
  grace: number
  challengeWindow: number
  nonce: bigint
}

/** Where a campaign's escrow lives: part of every id and every signature. */
export interface Deployment {
  readonly chainId: number
  /** The `Campaigns` contract. */
  readonly campaigns: Address
}

/** `keccak256(abi.encode(chainId, Campaigns, terms))`, as `Campaigns.campaignId` computes it. */
export function campaignIdOf(terms: Terms, deployment: Deployment, crypto: Crypto = pureCrypto): Hex {
  const words = [
    word(deployment.chainId),
    padWord(fromHex(deployment.campaigns, 20)),
    padWord(fromHex(terms.requester, 20)),
    padWord(fromHex(terms.operator, 20)),
    padWord(fromHex(terms.receiptKey, 20)),
    padWord(fromHex(terms.token, 20)),
    fromHex(terms.specHash, 32),
    word(terms.basePay),
    word(terms.floorPay),
    word(terms.operatorFeeBps),
    word(terms.protocolFeeBps),
    word(terms.contributorsBps),
    word(terms.deadline),
    word(terms.grace),
    word(terms.challengeWindow),
    word(terms.nonce),
  ]
  return toHex(crypto.keccak256(concatBytes(...words)))
}

/** Fees on what is paid, each rounded down, as the contract takes them. */
export function feesOn(
  terms: Pick<Terms, 'operatorFeeBps' | 'protocolFeeBps'>,
  payoutsTotal: bigint,
): { operator: bigint; protocol: bigint } {
  return {
    operator: (payoutsTotal * BigInt(terms.operatorFeeBps)) / 10_000n,
    protocol: (payoutsTotal * BigInt(terms.protocolFeeBps)) / 10_000n,
  }
}
