import type { Choice, Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { TransactionButton } from '../../components/transaction.tsx'
import { useNow } from '../../lib/clock.ts'
import { t } from '../../lib/messages.ts'
import { useSession } from '../../lib/session.ts'
import { formatTag } from './amounts.ts'
import styles from './network.module.css'
import type { Stage } from './phases.ts'
import { type Ballot, GOVERN, type Proposal } from './queries.ts'

const CHOICES = ['for', 'against', 'abstain'] as const satisfies readonly Choice[]

/** The reader's vote on a proposal, and what anybody may do with one that was accepted. */
export function BallotPanel(props: {
  tagger: Tagger
  proposal: Proposal
  stage: Stage
  votes: readonly Ballot[]
}) {
  const { tagger, proposal, stage, votes } = props
  const { account } = useSession()
  const now = useNow()
  const own = votes.find(({ voter }) => voter === account)
  const power = useQuery({
    queryKey: [GOVERN, 'power', proposal.id, account, stage === 'pending'],
    enabled: account !== null,
    queryFn: () => tagger.proposals.votes(account ?? '0x', Date.parse(proposal.voteStart) / 1000),
  }).data
  const p = t.network.proposals
  const done = { tagger, refresh: [GOVERN] } as const
  const isWaited = stage === 'queued' && proposal.eta !== null && Date.parse(proposal.eta) <= now
  const canVote = stage === 'active' && own === undefined && power !== undefined && power > 0n
  return (
    <section className={styles.own} aria-label={t.network.vote.title}>
      {own !== undefined && <p className="small">{p.voted(p[own.choice])}</p>}
      {stage === 'active' && own === undefined && power !== undefined && (
        <p className="small">{power > 0n ? p.votes(formatTag(power)) : p.noVotes}</p>
      )}
      <div className={styles.buttons}>
        {CHOICES.map((choice) => (
          <TransactionButton
            {...done}
            key={choice}
            isOffered={canVote}
            variant="default"
            doneText={p.votedDone}
            send={async () => (await tagger.proposals.vote(proposal.id, choice)).transactionHash}
          >
            {p[choice]}
          </TransactionButton>
        ))}
      </div>
      {stage === 'succeeded' && <p className="dim small">{p.queueHint}</p>}
      <TransactionButton
        {...done}
        isOffered={stage === 'succeeded'}
        isOnce
        doneText={p.queuedDone}
        send={async () => (await tagger.proposals.queue(proposal)).transactionHash}
      >
        {p.queue}
      </TransactionButton>
      {isWaited && <p className="dim small">{p.executeHint}</p>}
      <TransactionButton
        {...done}
        isOffered={isWaited}
        isOnce
        doneText={p.executedDone}
        send={async () => (await tagger.proposals.execute(proposal)).transactionHash}
      >
        {p.execute}
      </TransactionButton>
    </section>
  )
}
