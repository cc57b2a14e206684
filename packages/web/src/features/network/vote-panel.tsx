import { Button } from '@mantine/core'
import { readDisputeCredit, readVoteWeight, type Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Notice } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatDuration } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { useSession } from '../../lib/session.ts'
import { formatTag } from './amounts.ts'
import { RestoreVote, SaveVote } from './kept-vote.tsx'
import styles from './network.module.css'
import { phaseOf } from './phases.ts'
import { type Dispute, GOVERN, type Vote } from './queries.ts'
import { TimeLeft } from './time-left.tsx'
import { turnOf } from './turn.ts'
import { useKeptVote } from './use-kept-vote.ts'
import { atRiskUp, rewardDueDown } from './weights.ts'

interface Props {
  tagger: Tagger
  dispute: Dispute
  votes: readonly Vote[]
}

/** What the reader's account can do in a dispute, or what became of its vote. */
export function VotePanel({ tagger, dispute, votes }: Props) {
  const { account } = useSession()
  const now = useNow()
  const vote = votes.find(({ voter }) => voter === account)
  const phase = phaseOf(dispute, now)
  const kept = useKeptVote(tagger, dispute.id)
  const facts = useFacts({ tagger, dispute, votes })
  if (account === null || kept.data === undefined || facts === undefined) return null
  const own = kept.data.vote
  const due = vote === undefined ? 0n : rewardDueDown(dispute, facts.pool, vote)
  const turn = turnOf({ dispute, phase, account, weight: facts.weight, vote, kept: own, due })
  const v = t.network.vote
  const choice = (isValid: boolean) => (isValid ? v.valid : v.invalid)
  const risk = formatTag(atRiskUp(vote?.weight ?? facts.weight, dispute.slashBps))
  const revealSeconds = (Date.parse(dispute.revealEnds) - Date.parse(dispute.commitEnds)) / 1000
  const done = { refresh: [GOVERN, 'balance'], tagger } as const
  return (
    <section className={styles.own} aria-label={v.title}>
      {turn === 'party' && phase === 'committing' && <p className="dim small">{v.party}</p>}
      {turn === 'weightless' && phase === 'committing' && <p className="dim small">{v.weightless}</p>}
      {turn === 'late' && <p className="dim small">{v.late}</p>}
      {turn === 'commit' && (
        <>
          <h3>{v.title}</h3>
          <p className="small">
            {v.weight(formatTag(facts.weight))} {v.risk(risk)}
          </p>
          <p className="small">{v.kept}</p>
          <p className="small">{v.noBytes}</p>
          <Button
            component={Link}
            to={`/verify?campaign=${dispute.campaignId}&batch=${dispute.batch}`}
            size="xs"
            variant="default"
          >
            {v.verify}
          </Button>
        </>
      )}
      <div className={styles.buttons}>
        {[true, false].map((isValid) => (
          <TransactionButton
            {...done}
            key={String(isValid)}
            isOffered={turn === 'commit'}
            variant="default"
            doneText={v.committedDone}
            send={async () => {
              const { transactionHash } = await tagger.disputes.commit(dispute.id, isValid)
              await kept.refetch()
              return transactionHash
            }}
          >
            {choice(isValid)}
          </TransactionButton>
        ))}
      </div>
      {turn === 'committed' && (
        <Notice tone="good" title={own === null ? v.committedElsewhere : v.committed(choice(own.isValid))}>
          <TimeLeft
            until={Date.parse(dispute.commitEnds)}
            words={(wait) => v.revealFrom(wait, formatDuration(revealSeconds))}
          />
          {own !== null && <SaveVote of={{ disputeId: dispute.id, account }} vote={own} />}
        </Notice>
      )}
      {turn === 'not-kept' && (
        <Notice tone="warn" title={v.notKept}>
          <span>{v.notKeptCost(risk)}</span>
          <RestoreVote store={tagger.store} of={{ disputeId: dispute.id, account }} onDone={kept.refetch} />
        </Notice>
      )}
      <TransactionButton
        {...done}
        isOffered={turn === 'reveal'}
        doneText={v.revealedDone}
        send={async () => (await tagger.disputes.reveal(dispute.id)).transactionHash}
      >
        {v.reveal(choice(own?.isValid === true))}
      </TransactionButton>
      {turn === 'revealed' && vote !== undefined && (
        <p className="dim small">{v.revealed(choice(vote.state === 'valid'))}</p>
      )}
      {turn === 'forgotten' && <Notice tone="warn">{v.forgotten(risk)}</Notice>}
      {turn === 'settle' && <p className="dim small">{v.settleHint}</p>}
      <TransactionButton
        {...done}
        isOffered={turn === 'settle'}
        doneText={v.settledDone}
        send={async () => (await tagger.disputes.settle(dispute.id)).transactionHash}
      >
        {v.settle}
      </TransactionButton>
      {turn === 'settled' && <p className="dim small">{v.settled}</p>}
      {account === dispute.challenger && facts.credit > 0n && (
        <Notice>
          <span>{v.credit(formatTag(facts.credit))}</span>
          <div>
            <Button component={Link} to="/network?part=stake" size="xs" mt={6} variant="default">
              {t.network.parts.stake}
            </Button>
          </div>
        </Notice>
      )}
      <TransactionButton
        {...done}
        isOffered={phase === 'counting'}
        isOnce
        doneText={t.network.disputes.counted}
        send={async () => (await tagger.disputes.resolve(dispute.id)).transactionHash}
      >
        {t.network.disputes.count}
      </TransactionButton>
    </section>
  )
}

/** From the chain: the account's weight in the dispute, what there is to share, and what waits for the account. */
function useFacts({ tagger, dispute, votes }: Props) {
  const { account } = useSession()
  // The pool grows as others are settled.
  const settled = votes.filter(({ slashed }) => slashed !== null).length
  return useQuery({
    queryKey: [GOVERN, 'facts', dispute.id, dispute.state, account, settled],
    enabled: account !== null,
    queryFn: async () => {
      const chain = await tagger.chain()
      const self = account ?? '0x'
      const [weight, { pool }, credit] = await Promise.all([
        readVoteWeight(chain, self, Date.parse(dispute.proposedAt) / 1000),
        tagger.disputes.read(dispute.id),
        readDisputeCredit(chain, self),
      ])
      return { weight, pool, credit }
    },
  }).data
}
