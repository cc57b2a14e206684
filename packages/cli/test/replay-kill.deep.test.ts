import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { runTagger } from './run-tagger.ts'

vi.setConfig({ testTimeout: 600_000 })

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-kill-'))
})

afterEach(async () => {
  await killNode()
  await rm(folder, { recursive: true, force: true })
})

/** Ends the replay's node without a chance to say goodbye. */
async function killNode(): Promise<void> {
  const text = await readFile(join(folder, 'network/running.json'), 'utf8').catch(() => null)
  if (text === null) return
  try {
    process.kill(JSON.parse(text).pid, 'SIGKILL')
  } catch {
    // It ended before.
  }
}

async function runUntil(moment: RegExp): Promise<void> {
  const ran = await runTagger(['replay', '--json', '--keep', folder], {
    killAfter: (output) => moment.test(output),
  })
  expect(ran.code, `was killed at ${moment}: ${ran.stderr}`).toBe(-1)
}

test('killed in intake, node and all, and again in settlement, the replay ends as if nothing had been', async () => {
  await runUntil(/records: [1-9]\d* of/)
  await killNode()
  await runUntil(/first batch: proposed/)
  await killNode()
  const ran = await runTagger(['replay', '--json', '--keep', folder])
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.json()).toMatchObject({
    records: 1512,
    escrowLeft: '0',
    verify: { ok: true, records: 1512 },
    ledgerEqualsChain: true,
  })
})

test('killed alone, it takes its node with it and goes on', async () => {
  await runUntil(/first batch: /)
  const ran = await runTagger(['replay', '--json', '--keep', folder])
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.json()).toMatchObject({ records: 1512, verify: { ok: true } })
})
