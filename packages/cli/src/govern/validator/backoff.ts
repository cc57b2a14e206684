const MOST_PAUSE_SECONDS = 60
/** Of the time that is left: a vote is not missed for waiting. */
const TRIES_IN_TIME = 10

/** When to try what failed again, by subject. Times in seconds since epoch. */
export interface Backoff {
  isDue(subject: string, now: number): boolean
  /** Waits twice as long each time, and never much of the time until `deadline`. */
  failed(subject: string, now: number, deadline: number | null): void
  succeeded(subject: string): void
}

/** Nothing failed yet. */
export function createBackoff(): Backoff {
  const known = new Map<string, { failures: number; retryAt: number }>()
  return {
    isDue: (subject, now) => (known.get(subject)?.retryAt ?? 0) <= now,
    failed(subject, now, deadline) {
      const failures = (known.get(subject)?.failures ?? 0) + 1
      const most = deadline === null ? MOST_PAUSE_SECONDS : Math.max(1, (deadline - now) / TRIES_IN_TIME)
      const pause = Math.min(2 ** (failures - 1), MOST_PAUSE_SECONDS, most)
      known.set(subject, { failures, retryAt: now + pause })
    },
    succeeded: (subject) => void known.delete(subject),
  }
}
