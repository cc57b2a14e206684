/** Seconds since epoch on this machine. */
export function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

/** Waits; rejects at once when the signal fires. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, milliseconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}

/** Asks again and again until the answer is not null; throws what `onTimeout` makes after `seconds`. */
export async function waitUntil<T>(
  ask: () => Promise<T | null>,
  options: { seconds: number; everyMilliseconds?: number; onTimeout: () => Error; signal?: AbortSignal },
): Promise<T> {
  const end = Date.now() + options.seconds * 1000
  for (;;) {
    const answer = await ask()
    if (answer !== null) return answer
    if (Date.now() >= end) throw options.onTimeout()
    await sleep(options.everyMilliseconds ?? 300, options.signal)
  }
}
