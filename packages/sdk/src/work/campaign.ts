import {
  bodyChecker,
  type Crypto,
  campaignIdOf,
  type Deployment,
  type Hex,
  parseSpec,
  type Spec,
  specHashOf,
  TaggerError,
  type Terms,
  type WorkRecord,
} from '@tagger/protocol'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'

type CampaignDocument = ResponseOf<Endpoints['getCampaign']>

/** A campaign as a worker may rely on it: rules and terms are the ones its id names. */
export interface WorkCampaign {
  id: Hex
  terms: Terms
  spec: Spec
  /** Throws `answer-invalid` for a record that does not answer the campaign's question. */
  check(record: Pick<WorkRecord, 'kind' | 'body'>): void
}

/** Checks what the node shows against the id: terms hash to it, and the spec to the terms. */
export function readCampaign(
  document: CampaignDocument,
  deployment: Deployment,
  crypto: Crypto,
): WorkCampaign {
  const { id, terms } = document
  const spec = parseSpec(document.spec)
  if (campaignIdOf(terms, deployment, crypto) !== id || specHashOf(spec, crypto) !== terms.specHash) {
    throw new TaggerError('terms-invalid', 'The node shows other rules than the campaign was opened with', {
      hints: ['Do not work here: what you sign would be judged by other rules.'],
      data: { campaignId: id },
    })
  }
  const check = bodyChecker(spec)
  return { id, terms, spec, check: (record) => check({ ...record, seq: 0 } as WorkRecord) }
}
