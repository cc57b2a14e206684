import { inspect } from 'node:util'
import { TaggerError } from '@tagger/protocol'
import { MultiBar, Presets, type SingleBar } from 'cli-progress'

/** Exit codes: 1 something went wrong, 3 evidence did not hold. */
export const EXIT = { failed: 1, unsound: 3 } as const

/** Ends a command with a code after it said everything itself. */
export class Exit extends Error {
  readonly code: number

  constructor(code: number) {
    super(`exit ${code}`)
    this.code = code
  }
}

/** One line for people. With `--json` people read stderr, so that stdout stays for programs. */
export function createVoice(options: { json?: boolean } = {}): Voice {
  const stream = options.json ? process.stderr : process.stdout
  return {
    say: (line = '') => void stream.write(`${line}\n`),
    result: (document) => {
      if (options.json) process.stdout.write(`${JSON.stringify(document, plain)}\n`)
    },
    progress: (title, total) => startProgress(title, total),
  }
}

export interface Voice {
  say(line?: string): void
  /** The machine-readable last line; nothing without `--json`. */
  result(document: unknown): void
  progress(title: string, total: number): Progress
}

export interface Progress {
  /** `total` when it turned out to be another one. */
  update(done: number, total?: number): void
  end(): void
}

const PLAIN_EVERY_MILLISECONDS = 2_000

/** A bar on a terminal, a line every two seconds elsewhere; always on stderr. */
function startProgress(title: string, total: number): Progress {
  if (process.stderr.isTTY) {
    const bars = new MultiBar(
      { format: `  {bar} {value}/{total}  ${title}`, stream: process.stderr, hideCursor: true },
      Presets.rect,
    )
    const bar: SingleBar = bars.create(total, 0)
    return {
      update(done, newTotal) {
        if (newTotal !== undefined) bar.setTotal(newTotal)
        bar.update(done)
      },
      end: () => bars.stop(),
    }
  }
  let last = Date.now()
  return {
    update(done, newTotal = total) {
      if (Date.now() - last < PLAIN_EVERY_MILLISECONDS) return
      last = Date.now()
      process.stderr.write(`  ${title}: ${done} of ${newTotal}\n`)
    },
    end() {},
  }
}

/** Says what went wrong and what to do; the stack only for those who ask with DEBUG. */
export function explain(error: unknown): void {
  if (error instanceof TaggerError) {
    process.stderr.write(`${error.message}\n${error.hints.map((hint) => `  ${hint}\n`).join('')}`)
  } else {
    process.stderr.write(`${error instanceof Error ? error.message : inspect(error)}\n`)
  }
  if (process.env.DEBUG) console.error(error)
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
