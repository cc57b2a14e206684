import { TaggerError } from '@tagger/protocol'
import { sleep } from '../clock.ts'

export interface RetryOptions {
  /** Tries in all; 1 means never again. */
  tries: number
  /** Wait before the second try; doubles each time, half of it at random so that clients spread. */
  firstWaitMilliseconds: number
  mostWaitMilliseconds: number
}

export const DEFAULT_RETRY: RetryOptions = {
  tries: 5,
  firstWaitMilliseconds: 200,
  mostWaitMilliseconds: 5_000,
}

/** A failure that may pass, with how long the node asked to wait. */
export class TemporaryFailure extends Error {
  readonly reason: TaggerError
  readonly waitMilliseconds: number | null

  constructor(reason: TaggerError, waitMilliseconds: number | null = null) {
    super(reason.message)
    this.reason = reason
    this.waitMilliseconds = waitMilliseconds
  }
}

/** Runs `attempt` until it succeeds, fails for good, or the tries are used up. */
export async function withRetry<T>(
  attempt: () => Promise<T>,
  options: RetryOptions,
  signal?: AbortSignal,
): Promise<T> {
  let wait = options.firstWaitMilliseconds
  for (let tried = 1; ; tried++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof TemporaryFailure)) throw error
      if (tried >= options.tries) throw error.reason
      const spread = wait / 2 + (Math.random() * wait) / 2
      await sleep(Math.min(error.waitMilliseconds ?? spread, options.mostWaitMilliseconds), signal)
      wait = Math.min(wait * 2, options.mostWaitMilliseconds)
    }
  }
}

/** What a request becomes when no node answered. */
export function unreachable(url: string, cause: unknown): TaggerError {
  return new TaggerError('unavailable', `No Tagger node answers at ${new URL(url).origin}`, {
    cause,
    hints: ['Is the node running? `tagger up` starts one.'],
  })
}
