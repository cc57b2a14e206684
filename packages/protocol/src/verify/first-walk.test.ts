import { expect, test } from 'vitest'
import vectors from '../../test/vectors/first-walk.json' with { type: 'json' }
import type { BatchHeader } from '../settlement/batch-header.ts'
import type { Terms } from '../spec/terms.ts'
import type { ChainFacts } from './verify.ts'
import { verifyCampaign } from './verify.ts'

/** Campaigns settled when the protocol was first deployed: whatever changes since, their evidence keeps verifying. */
test.each(Object.entries(vectors))('the first campaigns keep verifying: %s', async (_, {
  facts,
  bundles,
}) => {
  const cars = bundles.map((bundle) => Uint8Array.from(atob(bundle), (character) => character.charCodeAt(0)))
  expect(await verifyCampaign(cars, factsOf(facts))).toMatchObject({ ok: true, records: 91 })
})

function factsOf(facts: (typeof vectors)['majority']['facts']): ChainFacts {
  const { terms } = facts
  return {
    deployment: facts.deployment as ChainFacts['deployment'],
    terms: {
      ...(terms as unknown as Terms),
      basePay: BigInt(terms.basePay),
      floorPay: BigInt(terms.floorPay),
      nonce: BigInt(terms.nonce),
    },
    headers: facts.headers.map((header) => ({
      ...(header as unknown as BatchHeader),
      payoutsTotal: BigInt(header.payoutsTotal),
    })),
  }
}
