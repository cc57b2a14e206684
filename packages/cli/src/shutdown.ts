type Closer = () => Promise<void> | void

const closers: Closer[] = []
let isClosing = false

/** Runs when the command ends, also by Ctrl-C; the last registered runs first. */
export function onExit(closer: Closer): void {
  closers.push(closer)
}

/** Closes everything that was registered. */
export async function closeAll(): Promise<void> {
  isClosing = true
  for (const closer of closers.splice(0).reverse()) {
    try {
      await closer()
    } catch (error) {
      process.stderr.write(`While stopping: ${error instanceof Error ? error.message : error}\n`)
    }
  }
}

/** One Ctrl-C can arrive twice: from the terminal, and handed on by whoever started this. */
const ECHO_MILLISECONDS = 500

/** Stops in order on the first signal, at once on the second. */
export function handleSignals(): void {
  let firstAt: number | null = null
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => {
      const now = performance.now()
      firstAt ??= now
      if (isClosing && now - firstAt > ECHO_MILLISECONDS) process.exit(code)
      if (isClosing) return
      void closeAll().then(() => process.exit(code))
    })
  }
}

/** Resolves when the program is told to stop. */
export function untilStopped(): Promise<never> {
  return new Promise(() => {
    // A promise keeps no process alive; this does until a signal ends it.
    setInterval(() => undefined, 2 ** 30)
  })
}
