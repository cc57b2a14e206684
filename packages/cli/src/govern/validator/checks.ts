import { join } from 'node:path'
import type { Hex } from '@tagger/protocol'
import type { Finding, ProposedBatch, Watch } from '@tagger/sdk'
import type { Checked } from './check.ts'
import { createCheckThread } from './check-thread.ts'
import { pruneBundles } from './evidence.ts'

/** What checking may take. */
export interface Limits {
  /** Largest bundle. */
  bundleBytes: number
  /** Of all bundles kept. */
  diskBytes: number
  /** Longest check, downloads included. */
  seconds: number
  /** Batches checked at the same time. */
  atOnce: number
}

/** Checks of batches, in threads. */
export interface Checks {
  /** Has a batch checked before `until` (seconds since epoch), unless it is in hand; a finding of before stays until then. */
  ask(batch: ProposedBatch, time: { from: number; until: number }): void
  find(batch: Hex): Finding | null
  isBusy(): boolean
  end(): void
}

interface Asked {
  batch: ProposedBatch
  from: number
  until: number
}

/** Time between two tries, as a part of the time there is, in seconds. */
const TRIES_PER_TIME = 10
const LEAST_PAUSE_SECONDS = 1
const MOST_PAUSE_SECONDS = 600

/** Starts with nothing known. `onChecked` hears of every check that ended, `onTrouble` of what failed here. */
export function createChecks(options: {
  watch: Watch
  urls: readonly string[]
  folder: string
  limits: Limits
  onChecked: (batch: ProposedBatch, checked: Checked, seconds: number) => void
  onTrouble: (batch: ProposedBatch, error: unknown) => void
}): Checks {
  const { watch, urls, limits, onChecked, onTrouble } = options
  const folder = join(options.folder, 'bundles')
  const idle = Array.from({ length: limits.atOnce }, createCheckThread)
  const threads = [...idle]
  const findings = new Map<Hex, Finding>()
  const waiting = new Map<Hex, Asked>()
  const running = new Set<Hex>()
  const triesOf = (batch: Hex) => {
    const finding = findings.get(batch)
    return finding?.kind === 'unchecked' ? finding.tries : 0
  }

  async function run({ batch, from, until }: Asked, thread: (typeof threads)[number]): Promise<void> {
    const started = now()
    const tries = triesOf(batch.batch)
    // Each try begins at another node: one that sends slowly or not all of it must not be the only one asked.
    const first = tries % urls.length
    const job = {
      facts: watch.factsOf(batch),
      urls: [...urls.slice(first), ...urls.slice(0, first)],
      folder,
      mostBytes: limits.bundleBytes,
    }
    const checked = await thread.check(job, Math.min(limits.seconds, until - started))
    if (checked.kind === 'unchecked') {
      const pause = Math.max(
        LEAST_PAUSE_SECONDS,
        Math.min(MOST_PAUSE_SECONDS, (until - from) / TRIES_PER_TIME),
      )
      const { reason } = checked
      findings.set(batch.batch, { kind: 'unchecked', reason, tries: tries + 1, tryAgainAt: now() + pause })
    } else {
      findings.set(batch.batch, checked)
    }
    onChecked(batch, checked, now() - started)
    await pruneBundles(folder, limits.diskBytes)
  }

  const next = () => {
    while (idle.length > 0 && waiting.size > 0) {
      // What was tried less goes first: what is slow or huge keeps nobody else waiting.
      const [asked] = [...waiting.values()].sort(
        (a, b) => triesOf(a.batch.batch) - triesOf(b.batch.batch) || a.until - b.until,
      )
      const { batch } = asked!
      waiting.delete(batch.batch)
      if (asked!.until <= now()) continue
      const thread = idle.pop()!
      running.add(batch.batch)
      void run(asked!, thread)
        .catch((error) => onTrouble(batch, error))
        .finally(() => {
          running.delete(batch.batch)
          idle.push(thread)
          next()
        })
    }
  }

  return {
    ask(batch, time) {
      if (running.has(batch.batch)) return
      waiting.set(batch.batch, { batch, ...time })
      next()
    },
    find: (batch) => findings.get(batch) ?? null,
    isBusy: () => running.size > 0,
    end() {
      waiting.clear()
      for (const thread of threads) thread.end()
    },
  }
}

function now(): number {
  return Date.now() / 1_000
}
