import {
  type Address,
  decodeSpec,
  type Hex,
  type IntakeRules,
  intakeRules,
  type Spec,
  TaggerError,
  type Terms,
} from '@tagger/protocol'
import { TermsDocument } from '@tagger/protocol/wire'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'

/** What never changes about a campaign, as work on it needs it. */
export interface WorkCampaign {
  id: Hex
  draftId: string
  kind: Spec['kind']
  requester: Address
  terms: Terms
  spec: Spec
  rules: IntakeRules
}

const KEPT = 500
const caches = new WeakMap<Node, Map<Hex, WorkCampaign>>()

/** A campaign by its id, read once. Throws `not-found`. */
export async function workCampaign(node: Node, id: Hex): Promise<WorkCampaign> {
  const cache = caches.get(node) ?? new Map<Hex, WorkCampaign>()
  caches.set(node, cache)
  const known = cache.get(id)
  if (known !== undefined) return known
  const [row] = await node.db.query<{
    draft_id: string
    kind: Spec['kind']
    requester: Address
    terms: unknown
    spec: Uint8Array
  }>(sql`select draft_id, kind, requester, terms, spec from campaigns where id = ${id}`)
  if (row === undefined) throw new TaggerError('not-found', `There is no campaign ${id} here`)
  const spec = decodeSpec(row.spec)
  const campaign = {
    id,
    draftId: row.draft_id,
    kind: row.kind,
    requester: row.requester,
    terms: TermsDocument.parse(row.terms),
    spec,
    rules: intakeRules(spec),
  }
  const oldest = cache.size >= KEPT ? cache.keys().next().value : undefined
  if (oldest !== undefined) cache.delete(oldest)
  cache.set(id, campaign)
  return campaign
}
