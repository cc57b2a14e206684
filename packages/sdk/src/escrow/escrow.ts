import { campaignsAbi } from '@tagger/contracts/abi'
import {
  type Address,
  type BatchHeader,
  campaignIdOf,
  type Hex,
  type SignedReceipt,
  TaggerError,
  ZERO32,
} from '@tagger/protocol'
import type { KeptCampaign } from '@tagger/protocol/wire'
import { type ContractFunctionArgs, erc20Abi, type TransactionReceipt } from 'viem'
import type { Chain } from '../chain/chain.ts'
import { onChainHeader, onChainPayouts, onChainTerms } from '../chain/structs.ts'
import type { Link } from '../connection.ts'
import { isTemporary } from '../http/problem.ts'
import type { Token } from '../network.ts'
import {
  keepClaim,
  listReceipts,
  openReceipts,
  readCampaignKept,
  readClaimKept,
  readReceipt,
  saveReceipts,
} from '../work/kept.ts'
import { type ChainEvidence, readEvidence } from '../work/own-chain.ts'
import { type EscrowFacts, mayBeSilent, readEscrowFacts } from './facts.ts'
import { findHeld, type Held } from './pending.ts'
import { isSilent, type Step, type Steps, stepsFor, unansweredOf } from './steps.ts'

/** Where a campaign stands for one account, and what it can do. */
export interface EscrowState {
  title: string | null
  token: Token
  facts: EscrowFacts
  receipt: SignedReceipt | null
  steps: Steps
}

/** A receipt kept here, with the campaign it is for; null when only the receipt was kept. */
export interface KeptWork {
  receipt: SignedReceipt
  campaign: KeptCampaign | null
}

/**
 * What the escrow does for an account without the operator: of a campaign this device remembers it asks the chain only.
 * Whatever has to be moved on first is moved on.
 */
export interface Escrow {
  /** What this device keeps of the account's work. */
  kept(): Promise<KeptWork[]>
  /** Of the campaigns the account has receipts of, those whose operator has let its time pass. */
  stopped(): Promise<EscrowState[]>
  read(campaignId: Hex): Promise<EscrowState>
  /**
   * Asks the node for proofs of what final batches pay, of all campaigns with a receipt here unless some are named, and
   * keeps them: without one the pay is out of reach later.
   */
  keepClaims(campaignIds?: readonly Hex[]): Promise<void>
  /** Claims what a final batch pays by the proof kept here. */
  claim(campaignId: Hex): Promise<TransactionReceipt>
  /** Looks into the bundle of the pending batch, which the node has to give out. */
  findHeld(campaignId: Hex): Promise<Held>
  /** Contests the pending batch with the account's receipt; refused when the batch holds what the receipt says. */
  contest(campaignId: Hex): Promise<TransactionReceipt>
  /** Moves every clock that is due, and drops a batch whose contest was not answered. */
  advance(campaignId: Hex): Promise<TransactionReceipt>
  register(campaignId: Hex): Promise<TransactionReceipt>
  collect(campaignId: Hex): Promise<TransactionReceipt>
  refund(campaignId: Hex): Promise<TransactionReceipt>
  /** Pays operator and treasury their fees on what is final. */
  collectFees(campaignId: Hex): Promise<TransactionReceipt>
  /** The chain the account's receipt is for; null when this device does not hold all of it. */
  evidence(campaignId: Hex): Promise<ChainEvidence | null>
  /** All receipts of this device as one text, and back; answers with how many were in it. */
  save(): Promise<string>
  open(text: string): Promise<number>
}

type Writes =
  | 'advance'
  | 'voidBatch'
  | 'contest'
  | 'registerReceipt'
  | 'claim'
  | 'claimReceipt'
  | 'refund'
  | 'collectFees'

/** The escrow of a client. */
export function createEscrow(link: Link): Escrow {
  const self = () => link.requireWallet().account

  async function write<name extends Writes>(
    campaignId: Hex,
    what: string,
    functionName: name,
    args: ContractFunctionArgs<typeof campaignsAbi, 'nonpayable', name>,
  ): Promise<TransactionReceipt> {
    const chain = await chainFor(link, campaignId)
    const address = chain.network.contracts.campaigns
    return await chain.write({ what, address, abi: campaignsAbi, functionName, args } as never)
  }

  async function read(campaignId: Hex, account: Address): Promise<EscrowState> {
    const chain = await chainFor(link, campaignId)
    const [facts, receipt, kept, pay] = await Promise.all([
      readEscrowFacts(chain, campaignId, account, link.crypto),
      readReceipt(link.kept, { campaignId, account }),
      readCampaignKept(link.kept, campaignId),
      readClaimKept(link.kept, { campaignId, account }),
    ])
    const token = await tokenAt(chain, facts.terms.token)
    return {
      title: kept?.title ?? null,
      token,
      facts,
      receipt,
      steps: stepsFor(facts, receipt, pay?.claim.amount),
    }
  }

  /** Moves the clocks if they are due, so that what follows is possible. */
  async function moveOn(campaignId: Hex): Promise<EscrowState> {
    const state = await read(campaignId, self())
    if (!state.steps.now.some(({ act }) => act === 'void' || act === 'advance')) return state
    await advance(state)
    return await read(campaignId, self())
  }

  async function advance({ facts, steps }: EscrowState): Promise<TransactionReceipt> {
    const { campaignId, pending } = facts
    const terms = onChainTerms(facts.terms)
    const header = onChainHeader(pending?.header ?? noHeader(campaignId))
    const isVoid = steps.now.some(({ act }) => act === 'void')
    if (isVoid && pending !== null) {
      // Half of the bond is for the account the batch was contested for: one's own first.
      const unanswered = unansweredOf(pending)
      const account = unanswered.find((one) => one === facts.account) ?? unanswered[0]!
      return await write(campaignId, 'Dropping the batch', 'voidBatch', [terms, header, account])
    }
    return await write(campaignId, 'Moving the campaign on', 'advance', [terms, header])
  }

  async function kept(): Promise<KeptWork[]> {
    const receipts = await listReceipts(link.kept, self())
    return await Promise.all(
      receipts.map(async (receipt) => {
        return { receipt, campaign: await readCampaignKept(link.kept, receipt.campaignId) }
      }),
    )
  }

  async function claim({ facts, steps }: EscrowState): Promise<TransactionReceipt | null> {
    const { campaignId, account } = facts
    const pay = await readClaimKept(link.kept, { campaignId, account })
    if (pay === null || !steps.now.some(({ act }) => act === 'claim')) return null
    return await write(campaignId, 'Claiming the pay', 'claim', [onChainPayouts(pay.header), pay.claim])
  }

  return {
    kept,
    async keepClaims(campaignIds) {
      const account = self()
      for (const id of campaignIds ?? (await kept()).map(({ receipt }) => receipt.campaignId)) {
        const params = { id, account }
        const due = await link.api.getClaim({ params }).catch(orNothing)
        if (due !== null) await keepClaim(link.kept, due)
      }
    },
    async claim(campaignId) {
      const state = await read(campaignId, self())
      requireStep(state, 'claim')
      return (await claim(state))!
    },
    async stopped() {
      const states: EscrowState[] = []
      for (const { campaign } of await kept()) {
        if (campaign === null) continue
        const chain = await chainFor(link, campaign.id)
        if (!(await mayBeSilent(chain, campaign.id, campaign.terms))) continue
        const state = await read(campaign.id, self())
        if (isSilent(state.facts)) states.push(state)
      }
      return states
    },
    read: (campaignId) => read(campaignId, link.wallet?.account ?? NOBODY),
    async findHeld(campaignId) {
      const { facts, receipt } = await read(campaignId, self())
      if (facts.pending === null || receipt === null) return 'unknown'
      return await findHeld(link.api, facts.pending, receipt, link.crypto)
    },
    async contest(campaignId) {
      const state = await read(campaignId, self())
      requireStep(state, 'contest')
      const { facts, receipt } = state
      const { pending, terms } = facts
      if ((await findHeld(link.api, pending!, receipt!, link.crypto)) === 'held') {
        throw new TaggerError('conflict', `The batch holds the ${receipt!.count} records of your receipt`, {
          hints: ['There is nothing to contest.'],
        })
      }
      const args = [onChainTerms(terms), onChainHeader(pending!.header), ...onChainReceipt(receipt!)] as const
      return await write(campaignId, 'Contesting the batch', 'contest', args)
    },
    async advance(campaignId) {
      const state = await read(campaignId, link.wallet?.account ?? NOBODY)
      if (!state.steps.now.some(({ act }) => act === 'void')) requireStep(state, 'advance')
      return await advance(state)
    },
    async register(campaignId) {
      const state = await moveOn(campaignId)
      requireStep(state, 'register')
      // A receipt registered before is worth less, as it is measured by what was claimed.
      await claim(state)
      const { facts, receipt } = state
      const evidence = await readEvidence(link.kept, receipt!, link.crypto)
      const args = [
        onChainTerms(facts.terms),
        ...onChainReceipt(receipt!),
        evidence?.digest ?? ZERO32,
      ] as const
      return await write(campaignId, 'Registering the receipt', 'registerReceipt', args)
    },
    async collect(campaignId) {
      const state = await moveOn(campaignId)
      requireStep(state, 'collect')
      const args = [campaignId, self(), self()] as const
      return await write(campaignId, 'Collecting what the receipt is due', 'claimReceipt', args)
    },
    async refund(campaignId) {
      const state = await moveOn(campaignId)
      requireStep(state, 'refund')
      return await write(campaignId, 'Refunding the campaign', 'refund', [onChainTerms(state.facts.terms)])
    },
    async collectFees(campaignId) {
      const state = await read(campaignId, self())
      requireStep(state, 'fees')
      return await write(campaignId, 'Collecting the fees', 'collectFees', [onChainTerms(state.facts.terms)])
    },
    async evidence(campaignId) {
      const receipt = await readReceipt(link.kept, { campaignId, account: self() })
      return receipt === null ? null : await readEvidence(link.kept, receipt, link.crypto)
    },
    save: () => saveReceipts(link.kept),
    open: (text) => openReceipts(link.kept, text),
  }
}

const NOBODY: Address = '0x0000000000000000000000000000000000000000'

/** The chain a campaign is on: the node's, unless the program named one or the node is gone or of another network. */
async function chainFor(link: Link, campaignId: Hex): Promise<Chain> {
  const kept = await readCampaignKept(link.kept, campaignId)
  if (kept !== null && link.rpcUrl !== null) return link.chainOn(kept.network)
  try {
    const chain = await link.chain()
    if (kept === null || campaignIdOf(kept.terms, chain.deployment, link.crypto) === campaignId) return chain
  } catch (error) {
    if (!isTemporary(error)) throw error
    if (kept === null) {
      throw new TaggerError('unavailable', 'No node answers, and this device does not know that campaign', {
        cause: error,
        hints: ['Any other node of the same network will do: it need not be the one that ran the campaign.'],
      })
    }
  }
  return link.chainOn(kept.network)
}

const REFUSALS: Record<Step['act'], string> = {
  contest: 'There is no pending batch that your receipt could contest now',
  void: 'No contest was left unanswered',
  claim: 'No proof of pay above what was claimed is kept here',
  advance: 'Nothing is due: the campaign stands where it should',
  register: 'There is no receipt to register now',
  collect: 'Nothing can be collected for a receipt now',
  refund: 'There is nothing to bring back to you now',
  fees: 'There are no fees to collect',
}

function requireStep({ facts, receipt, steps }: EscrowState, act: Step['act']): void {
  if (steps.now.some((step) => step.act === act)) return
  const hints = [hintFor(steps.next)]
  if (receipt === null && (act === 'contest' || act === 'register')) {
    hints.unshift('This device keeps no receipt of your account for this campaign.')
  } else if (facts.receiptStatus === 'registered' && act === 'register') {
    hints.unshift('Your receipt is registered already.')
  } else if (facts.receiptStatus === 'paid' && act === 'collect') {
    hints.unshift('It was paid already.')
  }
  throw new TaggerError('conflict', REFUSALS[act], {
    hints: hints.filter((hint) => hint !== null),
    data: { status: facts.status },
  })
}

const WAITS = {
  final: 'The pending batch becomes final',
  answers: 'Contests of the pending batch are answered until',
  silence: 'If the operator does not close the campaign, it falls silent',
  check: 'Receipts are registered until',
  checked: 'Receipts are checked until',
} as const

function hintFor(wait: Steps['next']): string | null {
  if (wait === null) return null
  if (wait.for === 'dispute' || wait.until === null) return 'A dispute has stopped its clock.'
  return `${WAITS[wait.for]} ${new Date(wait.until * 1_000).toISOString()}.`
}

function onChainReceipt({ signature, ...receipt }: SignedReceipt) {
  const { count, issuedAt } = receipt
  return [{ ...receipt, count: BigInt(count), issuedAt: BigInt(issuedAt) }, signature] as const
}

/** A node that never knew the campaign, or is gone, has no proofs. */
function orNothing(error: unknown): null {
  if (error instanceof TaggerError && (error.code === 'not-found' || isTemporary(error))) return null
  throw error
}

/** Stands for the header of no batch. */
function noHeader(campaignId: Hex): BatchHeader {
  return {
    campaignId,
    previous: ZERO32,
    index: 0,
    cutAt: 0,
    bundle: ZERO32,
    recordsRoot: ZERO32,
    resultsRoot: ZERO32,
    payoutsRoot: ZERO32,
    payoutsTotal: 0n,
    state: ZERO32,
    closing: false,
  }
}

async function tokenAt({ client, network }: Chain, address: Address): Promise<Token> {
  const known = network.tokens.find((token) => token.address === address)
  if (known !== undefined) return known
  const [symbol, decimals] = await Promise.all([
    client.readContract({ address, abi: erc20Abi, functionName: 'symbol' }),
    client.readContract({ address, abi: erc20Abi, functionName: 'decimals' }),
  ])
  return { address, symbol, decimals }
}
