import { concatBytes, word } from '../bytes/concat.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { fromHex, type Hex, toHex } from '../bytes/hex.ts'

/** What a proposal anchors with one word, its hash. */
export interface BatchHeader {
  campaignId: Hex
  /** Hash of the previous final header, 32 zero bytes for the first. */
  previous: Hex
  /** Number of final batches before this one. */
  index: number
  /** Seconds since epoch. */
  cutAt: number
  /** SHA-256 of the evidence bundle's root block. */
  bundle: Hex
  recordsRoot: Hex
  resultsRoot: Hex
  payoutsRoot: Hex
  /** Cumulative over the campaign, smallest unit. */
  payoutsTotal: bigint
  /** SHA-256 of the state after this batch. */
  state: Hex
  closing: boolean
}

/** `keccak256(abi.encode(header))`: the id of a batch. */
export function batchHashOf(header: BatchHeader, crypto: Crypto = pureCrypto): Hex {
  const words = [
    fromHex(header.campaignId, 32),
    fromHex(header.previous, 32),
    word(header.index),
    word(header.cutAt),
    fromHex(header.bundle, 32),
    fromHex(header.recordsRoot, 32),
    fromHex(header.resultsRoot, 32),
    fromHex(header.payoutsRoot, 32),
    word(header.payoutsTotal),
    fromHex(header.state, 32),
    word(header.closing ? 1 : 0),
  ]
  return toHex(crypto.keccak256(concatBytes(...words)))
}
