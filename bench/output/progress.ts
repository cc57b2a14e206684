const WIDTH = 24
const PLAIN_EVERY_MILLISECONDS = 2_000

/** A bar on stderr: redrawn on a terminal, a line every two seconds elsewhere. */
export function startProgress(title: string, total: number) {
  const { stderr } = process
  let last = Date.now()
  return {
    /** `now` says what is being worked on. */
    update(done: number, now = ''): void {
      if (stderr.isTTY) {
        const full = Math.round((WIDTH * done) / Math.max(1, total))
        const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full)
        stderr.write(`\r${bar} ${done}/${total} ${title}${now && `: ${now}`}\x1b[K`)
      } else if (Date.now() - last >= PLAIN_EVERY_MILLISECONDS) {
        last = Date.now()
        stderr.write(`${done}/${total} ${title}${now && `: ${now}`}\n`)
      }
    },
    end(): void {
      if (stderr.isTTY) stderr.write('\r\x1b[K')
    },
  }
}
