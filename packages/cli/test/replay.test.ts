import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nativeCrypto } from '@tagger/node/crypto'
import { type FaultCode, verifyCampaign } from '@tagger/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CampaignEvidence, loadEvidence } from '../src/replay/evidence.ts'
import { TAMPERINGS, type Tampering, tamper } from '../src/replay/tamper.ts'
import { type Ran, runTagger } from './run-tagger.ts'

let folder: string
let ran: Ran
let held: CampaignEvidence

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-replay-test-'))
  ran = await runTagger(['replay', '--json', '--keep', folder])
  if (ran.code === 0) held = await loadEvidence(join(folder, 'evidence'))
}, 400_000)

afterAll(() => rm(folder, { recursive: true, force: true }))

test('a crowd’s answers go from upload to paid, sold and paid again, and everything holds', () => {
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.json()).toMatchObject({
    dataset: 'own',
    items: 300,
    workers: 40,
    records: 1512,
    batches: 2,
    escrowLeft: '0',
    verify: { ok: true, records: 1512 },
    ledgerEqualsChain: true,
  })
})

test('the report has every figure', () => {
  const { accuracy, gas, paid, seconds, recordsPerSecond } = ran.json()
  for (const share of [accuracy.majority, accuracy.dawidSkene, accuracy.published]) {
    expect(share).toBeGreaterThan(0.9)
    expect(share).toBeLessThanOrEqual(1)
  }
  for (const step of ['open', 'propose', 'finalize', 'claimMean', 'purchase', 'perRecord']) {
    expect(gas[step], step).toBeGreaterThan(1_000)
  }
  expect(BigInt(paid)).toBeGreaterThan(0n)
  expect(recordsPerSecond).toBeGreaterThan(0)
  expect(seconds).toBeGreaterThan(0)
})

test('untouched evidence verifies again from the kept folder', async () => {
  expect(await verifyCampaign(held.bundles, held.facts, { crypto: nativeCrypto })).toMatchObject({ ok: true })
})

const CODES: Record<Tampering, FaultCode> = {
  label: 'payload-mismatch',
  score: 'score-mismatch',
  payout: 'payout-mismatch',
  root: 'root-mismatch',
  drop: 'link-mismatch',
  reorder: 'link-mismatch',
}

test.each(TAMPERINGS)('tampering with a %s is found where it was done', async (kind) => {
  const { bundles, tampered } = tamper(held.bundles, kind)
  const verdict = await verifyCampaign(bundles, held.facts, { crypto: nativeCrypto })
  const { kind: _, ...place } = tampered
  expect(verdict).toMatchObject({ ok: false, code: CODES[kind] })
  expect(verdict.ok ? null : verdict.at).toEqual(place)
})

test('the command line ends with 3 and names the place', { timeout: 300_000 }, async () => {
  const cheated = await runTagger(['replay', '--json', '--keep', folder, '--tamper', 'label'])
  expect(cheated.code, cheated.stderr).toBe(3)
  const { tampered, verify } = cheated.json()
  const { kind, ...place } = tampered
  expect(kind).toBe('label')
  expect(verify).toEqual({ ok: false, code: 'payload-mismatch', at: place })
})
