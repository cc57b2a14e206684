import type { Crypto } from '../bytes/crypto.ts'
import { toHex } from '../bytes/hex.ts'
import type { BatchHeader } from '../settlement/batch-header.ts'
import type { Evidence } from '../settlement/bundle.ts'
import { decodeSpec, type Spec } from '../spec/spec.ts'
import { campaignIdOf } from '../spec/terms.ts'
import type { ChainFacts, Said } from './campaign.ts'
import { Fault } from './verdict.ts'

/** Checks that a bundle is of this campaign and follows the batch before, on time. Returns the campaign's rules. */
export function verifyIdentity(
  evidence: Evidence,
  header: BatchHeader,
  before: Said,
  facts: ChainFacts,
  crypto: Crypto,
): Spec {
  const { campaignId, anchor } = evidence
  if (campaignId !== before.state.campaignId || header.campaignId !== campaignId) {
    throw new Fault('bundle-foreign', 'This bundle belongs to another campaign')
  }
  if (campaignIdOf(evidence.terms.terms, evidence.terms, crypto) !== campaignId) {
    throw new Fault('terms-mismatch', 'The terms in the bundle are not those of the campaign', {
      root: 'terms',
    })
  }
  if (
    anchor.index !== before.state.index ||
    header.previous !== before.previous ||
    anchor.previous !== before.previous
  ) {
    throw new Fault('batch-order', 'This batch does not follow the final batch before it', {
      root: 'previous',
    })
  }
  if (toHex(crypto.sha256(evidence.spec)) !== facts.terms.specHash) {
    throw new Fault('spec-mismatch', 'The spec in the bundle is not the one the terms name', { root: 'spec' })
  }
  const spec = readSpec(evidence)
  const isOnTime = anchor.closing || anchor.cutAt % spec.batch.periodSeconds === 0
  if (anchor.cutAt <= before.cutAt || !isOnTime) {
    throw new Fault('batch-order', 'The batch is cut at a time the rules do not name', { root: 'cutAt' })
  }
  return spec
}

function readSpec(evidence: Evidence): Spec {
  try {
    return decodeSpec(evidence.spec)
  } catch (cause) {
    throw new Fault('spec-mismatch', (cause as Error).message, { root: 'spec' })
  }
}
