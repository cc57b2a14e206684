import type { Address } from '../bytes/hex.ts'

/** Names a record of a campaign: whose, and the how manieth of their chain. */
export interface RecordName {
  account: Address
  seq: number
}

/** A set of records by name, without a string for each of them. */
export class RecordSet {
  readonly #seqs = new Map<Address, Set<number>>()
  #size = 0

  constructor(names: Iterable<RecordName> = []) {
    for (const { account, seq } of names) {
      const seqs = this.#seqs.get(account) ?? new Set()
      this.#seqs.set(account, seqs.add(seq))
    }
    for (const seqs of this.#seqs.values()) this.#size += seqs.size
  }

  get size(): number {
    return this.#size
  }

  has({ account, seq }: RecordName): boolean {
    return this.#seqs.get(account)?.has(seq) ?? false
  }
}
