import { type Address, campaignIdOf, feesOn, type Hex, TaggerError } from '@tagger/protocol'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
import { nowSeconds } from '../clock.ts'
import type { Link } from '../connection.ts'
import type { Upload } from '../http/send.ts'
import { deploymentOf, type Token, tokenOf } from '../network.ts'
import { completeSpec, type SpecInput } from './spec.ts'

export type UploadReport = ResponseOf<Endpoints['uploadItems']>
export type Acceptance = ResponseOf<Endpoints['acceptDraft']>

/** One file of items: CSV, JSONL, a text or an image. */
export type ItemFile = Upload & { name: string }

/** What is paid, in the token's smallest unit. */
export interface PayInput {
  /** Symbol or address; the network's first token when left out. */
  token?: string
  basePay: bigint
  /** Least pay of an accepted record; a twentieth of base when left out. */
  floorPay?: bigint
  /** The workers' share of what licenses of the dataset earn, in hundredths of a percent. */
  contributorsBps?: number
  /** Seconds since epoch; in thirty days when left out. */
  deadline?: number
}

/** The floor when none is asked for is base pay by this: more, and blind answers could pay (docs/incentives.md). */
export const BASE_PER_FLOOR = 20n
const MONTH_SECONDS = 30 * 86_400

/** A campaign that is not open yet: its spec and its items at the node. */
export interface Draft {
  id: string
  upload(file: ItemFile, options?: { goldColumn?: string }): Promise<UploadReport>
  /** Fixes the spec; answers with the operator's acceptance of exactly what was asked, and the cost. */
  accept(pay: PayInput): Promise<Acceptance & { token: Token }>
}

/** Starts a draft at the node. */
export async function createDraft(link: Link, input: SpecInput): Promise<Draft> {
  const { id } = await link.api.createDraft({ body: { spec: completeSpec(input) } })
  return {
    id,
    upload: ({ name, ...upload }, { goldColumn } = {}) =>
      link.api.uploadItems({ params: { id }, query: { name, goldColumn }, upload }),
    accept: (pay) => acceptDraft(link, id, pay),
  }
}

async function acceptDraft(link: Link, id: string, pay: PayInput): Promise<Acceptance & { token: Token }> {
  const network = await link.network()
  const token = tokenOf(network, pay.token)
  const floorPay = pay.floorPay ?? pay.basePay / BASE_PER_FLOOR
  const asked = {
    token: token.address,
    contributorsBps: pay.contributorsBps ?? 5_000,
    deadline: pay.deadline ?? nowSeconds() + MONTH_SECONDS,
  }
  const acceptance = await link.api.acceptDraft({
    params: { id },
    body: { ...asked, basePay: pay.basePay.toString(), floorPay: floorPay.toString() },
  })
  const expected = { ...asked, basePay: pay.basePay, floorPay, requester: link.requireWallet().account }
  requireAskedTerms(acceptance, expected, network.fees)
  const campaignId = campaignIdOf(acceptance.terms, deploymentOf(network), link.crypto)
  if (campaignId !== acceptance.campaignId) throw otherTerms('campaignId')
  return { ...acceptance, token }
}

/** A node could answer with terms that cost more or pay someone else: they are compared before anything is signed. */
function requireAskedTerms(
  { terms, specHash, cost }: Acceptance,
  asked: {
    token: Address
    requester: Address
    basePay: bigint
    floorPay: bigint
    contributorsBps: number
    deadline: number
  },
  fees: { operatorFeeBps: number; protocolFeeBps: number },
): void {
  for (const [field, value] of Object.entries(asked)) {
    if (terms[field as keyof typeof asked] !== value) throw otherTerms(field)
  }
  if (terms.operatorFeeBps > fees.operatorFeeBps) throw otherTerms('operatorFeeBps')
  if (terms.protocolFeeBps > fees.protocolFeeBps) throw otherTerms('protocolFeeBps')
  if ((terms.specHash as Hex) !== specHash) throw otherTerms('specHash')
  const due = feesOn(terms, cost.payMost)
  if (cost.deposit > cost.payMost + due.operator + due.protocol) throw otherTerms('cost')
}

function otherTerms(field: string): TaggerError {
  return new TaggerError(
    'terms-invalid',
    `The node accepted other terms than were asked for: ${field} differs`,
    {
      hints: ['Nothing was signed or paid. Do not use this node.'],
      data: { field },
    },
  )
}
