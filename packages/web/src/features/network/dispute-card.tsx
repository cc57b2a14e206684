import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { AccountGate } from '../../components/account-gate.tsx'
import { Ago, Chip, Hash } from '../../components/parts.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatBps, formatShare } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { useTagger } from '../../lib/tagger.ts'
import { Account } from './account.tsx'
import { formatTag } from './amounts.ts'
import { BatchName } from './batch-name.tsx'
import styles from './network.module.css'
import { isOpen, phaseEnd, phaseOf } from './phases.ts'
import { type Dispute, disputeQuery, type Vote } from './queries.ts'
import { ShareBar } from './share-bar.tsx'
import { TimeLeft } from './time-left.tsx'
import { VotePanel } from './vote-panel.tsx'
import { disputeBar, shareOf } from './weights.ts'

const TONES = {
  committing: 'warn',
  revealing: 'warn',
  counting: 'warn',
  upheld: 'good',
  void: 'bad',
  undecided: undefined,
} as const

/** One dispute: where it stands, how it weighs, who voted, and what there is to do. */
export function DisputeCard({ dispute }: { dispute: Dispute }) {
  const now = useNow()
  const votes = useQuery(disputeQuery(dispute.id)).data?.votes
  const phase = phaseOf(dispute, now)
  const end = phaseEnd(dispute, now)
  const d = t.network.disputes
  return (
    <article className={styles.card}>
      <header className={styles.cardHead}>
        <BatchName batch={dispute} />
        <span className={styles.buttons}>
          {isOpen(dispute) && <span className="dim small">{d.round(dispute.round)}</span>}
          {end !== null && (
            <strong className="small">
              <TimeLeft until={end} />
            </strong>
          )}
          <Chip tone={TONES[phase]}>{d.state[phase]}</Chip>
        </span>
      </header>
      <blockquote className={styles.quote} dir="auto">
        {dispute.reason === '' ? d.noReason : dispute.reason}
      </blockquote>
      <p className="dim small">
        {d.explain[phase]} {dispute.round === 2 && isOpen(dispute) && d.secondRound}
      </p>
      <Weights dispute={dispute} />
      <div className={`${styles.meta} dim small`}>
        <span>
          {d.challenger} <Account value={dispute.challenger} />
        </span>
        <span>
          {d.operator} <Account value={dispute.operator} />
        </span>
        <span>
          {d.bond} {formatTag(dispute.bond)}
        </span>
        <span>
          <Ago time={dispute.challengedAt} /> · <Hash value={dispute.transaction} isTransaction />
        </span>
      </div>
      {votes !== undefined && votes.length > 0 && <Votes dispute={dispute} votes={votes} />}
      {votes !== undefined && <Own dispute={dispute} votes={votes} />}
    </article>
  )
}

function Weights({ dispute }: { dispute: Dispute }) {
  const { validWeight, invalidWeight, totalWeight, quorumBps } = dispute
  const { bar } = t.network.disputes
  const lines = [
    ['good', bar.valid, validWeight],
    ['bad', bar.invalid, invalidWeight],
    ['open', bar.open, totalWeight - validWeight - invalidWeight],
  ] as const
  return (
    <div className={styles.weights}>
      <ShareBar bar={disputeBar(dispute)} tones={['good', 'bad']} label={bar.label} />
      <div className={styles.legend}>
        {lines.map(([tone, name, weight]) => (
          <span key={name}>
            <i className={styles[tone]} aria-hidden /> {name}{' '}
            <strong className="number">{formatShare(shareOf(weight, totalWeight))}</strong>{' '}
            <span className="dim number">{formatTag(weight)}</span>
          </span>
        ))}
        <span className="dim">{bar.quorum(formatBps(quorumBps))}</span>
      </div>
    </div>
  )
}

function Votes({ dispute, votes }: { dispute: Dispute; votes: readonly Vote[] }) {
  const d = t.network.disputes
  return (
    <details className={styles.details}>
      <summary>{d.votes(votes.length)}</summary>
      <ul className={styles.votes}>
        {votes.map((vote) => {
          const isForgotten = vote.state === 'committed' && (!isOpen(dispute) || vote.round < dispute.round)
          return (
            <li key={vote.voter}>
              <span>
                <Account value={vote.voter} />
              </span>
              <span className="number">{formatTag(vote.weight)}</span>
              <span>
                {d.vote[isForgotten ? 'forgotten' : vote.state]}
                {vote.slashed !== null && vote.slashed > 0n && <> · {d.lost(formatTag(vote.slashed))}</>}
                {vote.rewarded > 0n && <> · {d.got(formatTag(vote.rewarded))}</>}
              </span>
            </li>
          )
        })}
      </ul>
    </details>
  )
}

/** The reader's own part; whoever only looks is asked for a wallet when they want to vote. */
function Own({ dispute, votes }: { dispute: Dispute; votes: readonly Vote[] }) {
  const { tagger } = useTagger()
  const [isAsked, setAsked] = useState(false)
  if (tagger === null && !isAsked) {
    if (!isOpen(dispute)) return null
    return (
      <div>
        <Button size="xs" variant="default" onClick={() => setAsked(true)}>
          {t.network.disputes.showVote}
        </Button>
      </div>
    )
  }
  return (
    <AccountGate why={t.network.disputes.gate}>
      {(tagger) => <VotePanel tagger={tagger} dispute={dispute} votes={votes} />}
    </AccountGate>
  )
}
