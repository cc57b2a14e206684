import { TaggerError } from '@tagger/protocol'

const MAX_ADDRESSES = 50_000

/** Token buckets by address: `perMinute` calls a minute, as many at once after a pause. */
export class RateLimit {
  readonly #perMinute: number
  readonly #buckets = new Map<string, { tokens: number; at: number }>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Counts one call; throws `rate-limited` when the address made too many. */
  take(address: string, now: Date): void {
    const at = now.getTime()
    const known = this.#buckets.get(address)
    const refill = known ? (Math.max(0, at - known.at) / 60_000) * this.#perMinute : 0
    const tokens = Math.min(this.#perMinute, (known?.tokens ?? this.#perMinute) + refill)
    this.#buckets.delete(address)
    if (this.#buckets.size >= MAX_ADDRESSES) this.#buckets.delete(this.#buckets.keys().next().value!)
    this.#buckets.set(address, { tokens: tokens < 1 ? tokens : tokens - 1, at })
    if (tokens >= 1) return
    const retryAfterSeconds = Math.ceil(((1 - tokens) / this.#perMinute) * 60)
    throw new TaggerError('rate-limited', 'Too many calls from this address', {
      hints: [`Try again in ${retryAfterSeconds} s.`],
      data: { retryAfterSeconds },
    })
  }
}
