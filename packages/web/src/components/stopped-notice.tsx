import { checkUntil, type EscrowState, registerUntil, type Step, type Tagger } from '@tagger/sdk'
import type { ReactNode } from 'react'
import { formatAmount, formatTime } from '../lib/format.ts'
import { t } from '../lib/messages.ts'
import { Notice } from './states.tsx'
import { TransactionButton } from './transaction.tsx'

const REFRESH = ['stopped', 'escrow', 'campaign', 'earnings', 'balance']

/** What a worker can do about a campaign whose operator stopped: one sentence, one action. */
export function StoppedNotice({ tagger, state }: { tagger: Tagger; state: EscrowState }) {
  const { facts, receipt, token, title } = state
  const id = facts.campaignId
  const register = stepOf(state, 'register')
  const collect = stepOf(state, 'collect')
  const amount = (value: bigint) => formatAmount(value, token)
  const { receiptStatus, worth, claimed } = facts
  const isLate = receipt !== null && facts.now >= registerUntil(facts)
  let text: string = t.escrow.nothing
  if (collect !== null) text = t.escrow.collect(amount(collect.amount))
  else if (receiptStatus === 'paid') text = t.escrow.paid(amount(worth))
  else if (receiptStatus === 'registered') {
    text = t.escrow.registered(amount(worth - claimed), time(checkUntil(facts)))
  } else if (register !== null) text = t.escrow.register(amount(register.amount), time(register.until))
  else if (isLate) text = t.escrow.late(time(registerUntil(facts)))
  return (
    <Notice
      tone={register !== null || collect !== null ? 'warn' : 'plain'}
      title={title === null ? t.escrow.thisStopped : t.escrow.stopped(title)}
    >
      <p>{text}</p>
      <TransactionButton
        tagger={tagger}
        size="xs"
        isOffered={collect !== null}
        refresh={REFRESH}
        doneText={t.escrow.collectDone}
        send={async () => (await tagger.escrow.collect(id)).transactionHash}
      >
        {t.escrow.collectButton}
      </TransactionButton>
      <TransactionButton
        tagger={tagger}
        size="xs"
        isOffered={collect === null && register !== null}
        refresh={REFRESH}
        doneText={t.escrow.registerDone}
        send={async () => (await tagger.escrow.register(id)).transactionHash}
      >
        {t.escrow.registerButton}
      </TransactionButton>
      <Details />
    </Notice>
  )
}

/** What the requester of such a campaign can do. */
export function StoppedOwnerNotice({ tagger, state }: { tagger: Tagger; state: EscrowState }) {
  const { facts, token } = state
  const id = facts.campaignId
  const refund = stepOf(state, 'refund')
  const isUntold = facts.status !== 'silent' && facts.status !== 'closed'
  let text: ReactNode = t.escrow.owner(formatTime(checkUntil(facts) * 1_000))
  if (refund !== null) text = t.escrow.ownerRest(formatAmount(refund.amount, token))
  else if (isUntold) text = t.escrow.ownerStart
  else if (facts.status === 'closed') text = t.escrow.ownerDone
  return (
    <Notice tone={refund !== null || isUntold ? 'warn' : 'plain'} title={t.escrow.thisStopped}>
      <p>{text}</p>
      <TransactionButton
        tagger={tagger}
        size="xs"
        isOffered={refund !== null}
        refresh={REFRESH}
        doneText={t.campaign.owner.refundDone}
        send={async () => (await tagger.escrow.refund(id)).transactionHash}
      >
        {t.campaign.owner.refund}
      </TransactionButton>
      <TransactionButton
        tagger={tagger}
        size="xs"
        isOffered={refund === null && isUntold}
        refresh={REFRESH}
        doneText={t.escrow.startDone}
        send={async () => (await tagger.escrow.advance(id)).transactionHash}
      >
        {t.escrow.startButton}
      </TransactionButton>
      <Details />
    </Notice>
  )
}

function Details() {
  return (
    <details className="small dim">
      <summary>{t.escrow.details}</summary>
      {t.escrow.detailsText}
    </details>
  )
}

function stepOf<Act extends Step['act']>({ steps }: EscrowState, act: Act) {
  return (steps.now.find((step) => step.act === act) ?? null) as Extract<Step, { act: Act }> | null
}

function time(seconds: number): string {
  return formatTime(seconds * 1_000)
}
