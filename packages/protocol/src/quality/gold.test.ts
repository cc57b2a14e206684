import { expect, test } from 'vitest'
import { named } from '../../test/simulated-campaign.ts'
import { toHex } from '../bytes/hex.ts'
import { dawidSkene } from '../consensus/classification/dawid-skene.ts'
import { labelTable } from '../consensus/classification/label-table.ts'
import { MILLION } from '../math/fixed.ts'
import { auditBatch, commitAudit } from './audit-gold.ts'
import { tailOfSum } from './chance.ts'
import { checkGold, goldEvidence, standingGold } from './gold.ts'

/** Forty items, truth alternates; five workers, each wrong on every ninth item at another phase. */
function crowd() {
  const [item, worker, label]: [number[], number[], number[]] = [[], [], []]
  for (let t = 0; t < 40; t++) {
    for (let w = 0; w < 5; w++) {
      item.push(t)
      worker.push(w)
      label.push((t + w) % 9 === 0 ? 1 - (t % 2) : t % 2)
    }
  }
  return labelTable({
    items: 41,
    workers: 5,
    classes: 2,
    item: Int32Array.from(item),
    worker: Int32Array.from(worker),
    label: Int32Array.from(label),
  })
}

const known = (answers: Record<number, number>) => {
  const all = new Int32Array(41).fill(-1)
  for (const [item, label] of Object.entries(answers)) all[Number(item)] = label
  return all
}

test('gold the people contradict falls, counts against the requester, and does not defend itself', () => {
  // Item 6 is even: its truth is 0, everybody says so, the requester claims 1. Nobody labeled item 40.
  const gold = known({ 2: 0, 6: 1, 40: 1 })
  const table = crowd()
  const free = dawidSkene(table, known({})).posterior
  const check = (confidence: number, labels = 3) => checkGold(table, free, gold, { confidence, labels })
  const checks = check(950_000)
  expect(checks.map(({ item, verdict }) => [item, verdict])).toEqual([
    [2, 'confirmed'],
    [6, 'contradicted'],
    [40, 'open'],
  ])
  expect(checks[1]).toMatchObject({ known: 1, best: 0 })
  expect([...standingGold(gold, checks)]).toEqual([...known({ 2: 0, 40: 1 })])
  expect(goldEvidence(checks)).toEqual({ good: MILLION, bad: MILLION })
  // A target nobody reaches decides nothing, nor do fewer labels than asked for.
  expect(check(MILLION + 1).every(({ verdict }) => verdict === 'open')).toBe(true)
  expect(check(950_000, 6).every(({ verdict }) => verdict === 'open')).toBe(true)
})

const id = (name: string) => toHex(named(name))
const entries = Array.from({ length: 20 }, (_, i) => ({
  item: id(`i${i}`),
  label: 'yes',
  salt: id(`salt ${i}`),
}))
const commitment = commitAudit(entries)
const reveal = (index: number) => ({ ...entries[index]!, proof: commitment.proofOf(entries[index]!.item) })
const batch = (labels: string[]) => ({
  results: labels.map((label, i) => ({ item: id(`i${i}`), label, confidence: 950_000 })),
  proposedAt: 1000,
  finalAt: 2000,
})
const refusal = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    return (error as Error).message
  }
  return 'accepted'
}

test('an audit shows made-up answers, and how far they could be chance', () => {
  const reveals = Array.from({ length: 10 }, (_, i) => reveal(i))
  const honest = auditBatch(commitment, batch(new Array(10).fill('yes')), reveals, 1500)
  expect(honest).toMatchObject({ checked: 10, misses: [], expected: 500_000, chance: 1, chanceIfPicked: 1 })

  const guessed = ['yes', 'no', 'yes', 'no', 'no', 'no', 'yes', 'yes', 'no', 'no']
  const audit = auditBatch(commitment, batch(guessed), reveals.toReversed(), 1500)
  expect(audit.misses).toHaveLength(6)
  expect(audit.chance).toBeLessThan(1e-5)
  // Had the requester shown the misses only, the other committed answers may all have been hits.
  const picked = auditBatch(
    commitment,
    batch(guessed),
    reveals.filter((_, i) => guessed[i] === 'no'),
    1500,
  )
  expect(picked.chance).toBeLessThan(audit.chance)
  expect(picked.chanceIfPicked).toBeCloseTo(tailOfSum(new Array(20).fill(0.05), 6), 12)
  expect(picked.chanceIfPicked).toBeGreaterThan(audit.chance)
})

test('audit answers count only if committed, once, inside the window, for an item of the batch', () => {
  const three = batch(['yes', 'yes', 'yes'])
  const at = (time: number) => refusal(() => auditBatch(commitment, three, [reveal(0)], time))
  expect(at(1000)).toBe('accepted')
  expect(at(999)).toMatch(/between a proposal and the end/)
  expect(at(2000)).toMatch(/between a proposal and the end/)
  const forged = { ...reveal(0), label: 'no' }
  expect(refusal(() => auditBatch(commitment, three, [forged], 1500))).toMatch(
    /not the one that was committed/,
  )
  expect(refusal(() => auditBatch(commitment, three, [reveal(0), reveal(0)], 1500))).toMatch(/twice/)
  expect(refusal(() => auditBatch(commitment, three, [reveal(5)], 1500))).toMatch(/not in this batch/)
})

test('the tail of a sum of unlike events', () => {
  expect(tailOfSum([0.5, 0.5, 0.5], 2)).toBe(0.5)
  expect(tailOfSum([0.1, 0.2, 0.3], 1)).toBeCloseTo(1 - 0.9 * 0.8 * 0.7, 15)
  expect(tailOfSum([0.1, 0.2, 0.3], 3)).toBeCloseTo(0.006, 15)
  expect(tailOfSum([0.1], 2)).toBe(0)
  expect(tailOfSum([], 0)).toBe(1)
})
