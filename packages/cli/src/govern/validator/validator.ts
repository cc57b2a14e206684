import { type Hex, TaggerError } from '@tagger/protocol'
import {
  batchDuty,
  type Duty,
  disputeDuty,
  type Policy,
  type ProposedBatch,
  type Tagger,
  type Watch,
  type WatchedDispute,
} from '@tagger/sdk'
import type { TransactionReceipt } from 'viem'
import { createBackoff } from './backoff.ts'
import type { Checks } from './checks.ts'
import { concerns, readSituation } from './situation.ts'
import type { Telling } from './telling.ts'

/** What a validator works with. */
export interface ValidatorNeeds {
  tagger: Tagger
  watch: Watch
  checks: Checks
  policy: Policy
  telling: Telling
}

/** A validator between its rounds. */
export interface Validator {
  /** Reads what is new on chain and begins what is due. */
  round(): Promise<void>
  /** Whether something it began is not done yet. */
  isBusy(): boolean
  /** Puts off what could not be checked for a reason of this machine. */
  couldNotCheck(batch: ProposedBatch, error: unknown): void
  /** How many of its steps have failed. */
  failures(): number
}

/** Refusals that say that somebody was quicker, or the chain's clock is slower than ours. */
const OVERTAKEN = new Set([
  'AlreadyDisputed',
  'AlreadyVoted',
  'CommitNotOver',
  'DisputeExists',
  'NotOpen',
  'NotPending',
  'NothingToReveal',
  'NothingToSettle',
  'NothingToWithdraw',
  'RevealNotOver',
  'WindowPassed',
])

/** A step in hand: what it is about, how it is told, and until when it can be taken. */
interface Step {
  subject: string
  deadline: number | null
  event: string
  data: Record<string, unknown>
  /** "Revealing the vote": while it has not succeeded. */
  what: string
  /** "Revealed the vote". */
  done: string
  take: () => Promise<Sent>
}

type Sent = TransactionReceipt | { transaction: Hex; disputeId: Hex }

/** Makes a validator; its client has a wallet and keeps its votes in a store on the disk. */
export function createValidator({ tagger, watch, checks, policy, telling }: ValidatorNeeds): Validator {
  const { account } = tagger.wallet!
  const { disputes } = tagger
  const backoff = createBackoff()
  const inHand = new Set<string>()
  const over = new Set<Hex>()
  let failures = 0

  const failed = (subject: string, deadline: number | null, what: string, error: unknown) => {
    backoff.failed(subject, seconds(), deadline)
    if (error instanceof TaggerError && OVERTAKEN.has(String(error.data.error))) return
    failures++
    telling.trouble(subject, what, error)
  }

  /** Takes a step while the rounds go on: a transaction that is slow to be mined keeps no other waiting. */
  const take = ({ subject, deadline, event, what, done, data, take }: Step) => {
    if (inHand.has(subject) || !backoff.isDue(subject, seconds())) return
    inHand.add(subject)
    void take()
      .then((sent) => {
        const { transaction, ...more } = 'transaction' in sent ? sent : { transaction: sent.transactionHash }
        backoff.succeeded(subject)
        telling.works(subject, what)
        telling.tell(event, `${done} (${transaction}).`, { ...data, ...more, transaction })
      })
      .catch((error) => failed(subject, deadline, what, error))
      .finally(() => inHand.delete(subject))
  }

  const check = (batch: ProposedBatch, time: { from: number; until: number }) => {
    if (backoff.isDue(`batch:${batch.batch}`, seconds())) checks.ask(batch, time)
  }

  const takeUp = (batch: ProposedBatch) => {
    const { campaignId, header, proposedAt, finalAt, terms, disputeId } = batch
    const situation = {
      ...{ now: seconds(), account, operator: terms.operator, proposedAt, finalAt },
      isDisputed: disputeId !== null,
      finding: checks.find(batch.batch),
    }
    const duty = batchDuty(situation, policy)
    if (duty.do === 'check') check(batch, { from: proposedAt, until: finalAt })
    // One at a time: two permits of the bond would have the same number.
    if (duty.do !== 'challenge' || [...inHand].some((subject) => subject.startsWith('batch:'))) return
    const { reason } = duty
    take({
      subject: `batch:${batch.batch}`,
      deadline: finalAt,
      event: 'challenged',
      what: `Challenging batch ${header.index} of campaign ${campaignId}`,
      done: `Challenged batch ${header.index} of campaign ${campaignId}: ${reason}`,
      data: { campaignId, batch: batch.batch, reason },
      take: () => disputes.challenge(campaignId, reason),
    })
  }

  const takeUpDispute = async (dispute: WatchedDispute) => {
    const batch = watch.find(dispute.batch)
    const situation = await readSituation(tagger, dispute, checks.find(dispute.batch))
    const { commitStarts, commitEnds, revealEnds, outcome } = situation.state
    const duty = disputeDuty(situation, policy)
    if (duty.do === 'wait') {
      if (duty.until === null && outcome !== 'open' && dispute.isResolved) over.add(dispute.id)
    } else if (duty.do === 'check') {
      if (batch !== null) check(batch, { from: commitStarts, until: commitEnds })
    } else if (duty.do !== 'challenge') {
      const deadline = { commit: commitEnds, reveal: revealEnds }[duty.do as string] ?? null
      take({ ...stepOf(dispute, duty), deadline })
    }
  }

  const stepOf = ({ id, campaignId, batch }: WatchedDispute, duty: DisputeStep): Omit<Step, 'deadline'> => {
    const step = { subject: `dispute:${id}`, data: { disputeId: id, campaignId, batch } }
    switch (duty.do) {
      case 'commit': {
        const vote = duty.isValid ? 'it holds' : 'it does not hold'
        return {
          ...step,
          event: 'committed',
          what: `Committing the vote on dispute ${id}`,
          done: `Committed a vote on dispute ${id}: ${vote}`,
          data: { ...step.data, isValid: duty.isValid },
          take: () => disputes.commit(id, duty.isValid),
        }
      }
      case 'reveal':
        return {
          ...step,
          event: 'revealed',
          what: `Revealing the vote on dispute ${id}`,
          done: `Revealed the vote on dispute ${id}`,
          take: () => disputes.reveal(id),
        }
      case 'resolve':
        return {
          ...step,
          event: 'counted',
          what: `Counting the votes of dispute ${id}`,
          done: `Counted the votes of dispute ${id}`,
          take: () => disputes.resolve(id),
        }
      case 'settle':
        return {
          ...step,
          event: 'settled',
          what: `Settling the vote of ${duty.voter} on dispute ${id}`,
          done: `Settled the vote of ${duty.voter} on dispute ${id}`,
          data: { ...step.data, voter: duty.voter },
          take: () => disputes.settle(id, duty.voter),
        }
      case 'collect':
        return {
          ...step,
          event: 'collected',
          what: `Collecting what dispute ${id} brought`,
          done: `Collected what dispute ${id} brought`,
          take: () => disputes.collect(),
        }
    }
  }

  return {
    async round() {
      // What is read now may be from before a step in hand was mined: it is looked at in the next round.
      const busy = new Set(inHand)
      await watch.read()
      for (const batch of watch.pending()) {
        if (!busy.has(`batch:${batch.batch}`)) takeUp(batch)
      }
      const running = watch.disputes().filter(({ id }) => !over.has(id) && !busy.has(`dispute:${id}`))
      await Promise.all(running.filter((one) => concerns(one, account)).map(takeUpDispute))
    },
    isBusy: () => inHand.size > 0 || checks.isBusy(),
    couldNotCheck: (batch, error) =>
      failed(`batch:${batch.batch}`, batch.finalAt, `Checking batch ${batch.batch}`, error),
    failures: () => failures,
  }
}

type DisputeStep = Extract<Duty, { do: 'commit' | 'reveal' | 'resolve' | 'settle' | 'collect' }>

function seconds(): number {
  return Date.now() / 1_000
}
