import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { AccountGate } from '../../components/account-gate.tsx'
import { Markdown } from '../../components/markdown.tsx'
import { Ago, Chip, Hash } from '../../components/parts.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatShare } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import { useTagger } from '../../lib/tagger.ts'
import { Account } from './account.tsx'
import { formatTag } from './amounts.ts'
import { BallotPanel } from './ballot-panel.tsx'
import styles from './network.module.css'
import { formatValue, nameOf } from './parameter-values.ts'
import { type Stage, stageEnd, stageOf } from './phases.ts'
import { type Parameter, type Proposal, proposalQuery } from './queries.ts'
import { ShareBar } from './share-bar.tsx'
import { TimeLeft } from './time-left.tsx'
import { proposalBars, quorumBar, shareOf } from './weights.ts'

const TONES = {
  pending: undefined,
  active: 'warn',
  canceled: undefined,
  defeated: 'bad',
  succeeded: 'good',
  queued: 'good',
  executed: 'good',
} as const

/** One proposal: what it would do, how it stands, and what there is to do. */
export function ProposalCard(props: { proposal: Proposal; parameters: readonly Parameter[] }) {
  const { proposal, parameters } = props
  const now = useNow()
  const target = useQuery(networkQuery()).data?.contracts.parameters
  const stage = stageOf(proposal, now)
  const calls = proposal.calls.map((call) => callText(call, parameters, target))
  const end = stageEnd(proposal, now)
  const p = t.network.proposals
  const words = { pending: p.begins, queued: p.executable } as Partial<Record<Stage, typeof p.begins>>
  return (
    <article className={styles.card}>
      <header className={styles.cardHead}>
        <h3 dir="auto">{proposal.title}</h3>
        <span className={styles.buttons}>
          {end !== null && (
            <strong className="small">
              <TimeLeft until={end} words={words[stage]} />
            </strong>
          )}
          <Chip tone={TONES[stage]}>{p.state[stage]}</Chip>
        </span>
      </header>
      {/* A title may say anything: what is called is told beside it, unless it is the same. */}
      {calls.join() !== proposal.title && (
        <ul className={styles.calls} aria-label={p.calls}>
          {calls.map((call, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: calls of a proposal never move.
            <li key={index}>{call}</li>
          ))}
        </ul>
      )}
      <Markdown text={bodyOf(proposal)} />
      <Votes proposal={proposal} />
      <div className={`${styles.meta} dim small`}>
        <span>
          {p.by} <Account value={proposal.proposer} />
        </span>
        <span>
          <Ago time={proposal.createdAt} /> · <Hash value={proposal.transaction} isTransaction />
        </span>
      </div>
      <Own proposal={proposal} stage={stage} />
    </article>
  )
}

/** A call in words, whatever the title says; one that cannot be read is told by its contract's address. */
function callText(
  call: Proposal['calls'][number],
  parameters: readonly Parameter[],
  target: string | undefined,
): string {
  const p = t.network.proposals
  const name = /^set(.)(.*)$/.exec(call.name ?? '')
  const parameter = parameters.find((each) => name !== null && each.name === name[1]!.toLowerCase() + name[2])
  const value = call.arguments[0]?.value
  if (call.target === target && parameter !== undefined && value !== undefined) {
    return p.call(nameOf(parameter.name), formatValue(value, parameter.unit))
  }
  return call.name === null ? `${p.unknownCall} (${call.target})` : p.otherCall(call.name)
}

/** The description without the line that is shown as the title already. */
function bodyOf({ description, title }: Proposal): string {
  const [first = '', ...others] = description.trim().split('\n')
  return first.replace(/^[#\s]+/, '').trim() === title ? others.join('\n').trim() : description
}

function Votes({ proposal }: { proposal: Proposal }) {
  const { forVotes, againstVotes, abstainVotes, quorum } = proposal
  const p = t.network.proposals
  const names = [p.for, p.against, p.abstain]
  const tones = ['good', 'bad', 'plain'] as const
  const votes = [forVotes, againstVotes, abstainVotes]
  const all = forVotes + againstVotes + abstainVotes
  const counting = forVotes + abstainVotes
  return (
    <div className={styles.weights}>
      <div className={styles.ballots}>
        {proposalBars(votes).map((bar, index) => (
          <div key={names[index]} className={styles.ballot}>
            <span>{names[index]}</span>
            <ShareBar bar={bar} tones={[tones[index]!]} label={names[index]!} />
            <span className="number">{formatTag(votes[index]!)}</span>
            <span className="number dim">{formatShare(shareOf(votes[index]!, all))}</span>
          </div>
        ))}
        <div className={`${styles.ballot} ${styles.quorum}`}>
          <span>{p.quorum}</span>
          <ShareBar bar={quorumBar(counting, quorum)} tones={['ink']} label={p.quorum} />
          <span className="number">{formatTag(counting)}</span>
          <span className="number dim">{formatShare(shareOf(counting, quorum))}</span>
        </div>
      </div>
      <span className="dim small number">{p.quorumText(formatTag(quorum))}</span>
    </div>
  )
}

function Own({ proposal, stage }: { proposal: Proposal; stage: Stage }) {
  const { tagger } = useTagger()
  const [isAsked, setAsked] = useState(false)
  const votes = useQuery({ ...proposalQuery(proposal.id), enabled: tagger !== null }).data?.votes
  const isDue = stage === 'active' || stage === 'succeeded' || stage === 'queued'
  if (tagger === null && !isAsked) {
    if (!isDue) return null
    return (
      <div>
        <Button size="xs" variant="default" onClick={() => setAsked(true)}>
          {t.network.proposals.showVote}
        </Button>
      </div>
    )
  }
  return (
    <AccountGate why={t.network.proposals.gate}>
      {(tagger) =>
        votes !== undefined && <BallotPanel tagger={tagger} proposal={proposal} stage={stage} votes={votes} />
      }
    </AccountGate>
  )
}
