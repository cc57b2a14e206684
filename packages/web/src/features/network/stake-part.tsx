import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { AccountGate } from '../../components/account-gate.tsx'
import { Panel } from '../../components/page.tsx'
import { Stat, Stats } from '../../components/parts.tsx'
import { Loaded, Notice, Waiting } from '../../components/states.tsx'
import { formatBps, formatDuration } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { formatTag } from './amounts.ts'
import styles from './network.module.css'
import { numberOf, parametersQuery } from './queries.ts'
import { StakeActions } from './stake-actions.tsx'
import { TimeLeft } from './time-left.tsx'
import { type Standing, useStanding } from './use-standing.ts'

/** What staking is for, and the reader's own stake. */
export function StakePart() {
  return (
    <>
      <Rules />
      <AccountGate why={t.network.stake.gate}>{(tagger) => <OwnStake tagger={tagger} />}</AccountGate>
    </>
  )
}

function Rules() {
  const { data } = useQuery(parametersQuery())
  const { rules } = t.network.stake
  const [slash, bond, cooldown] = ['voterSlashBps', 'operatorBond', 'stakeCooldown'].map((name) =>
    numberOf(data, name),
  )
  const shown = [
    [rules.vote, null],
    [rules.validate, slash == null ? null : rules.validateLoss(formatBps(Number(slash)))],
    [rules.operate, bond == null ? null : rules.operateLoss(formatTag(bond))],
    [rules.leave, cooldown == null ? null : rules.leaveTime(formatDuration(Number(cooldown)))],
  ] as const
  return (
    <div className={styles.rules}>
      {shown.map(([[title, text], loss]) => (
        <section key={title} className={styles.rule}>
          <h2>{title}</h2>
          <p>
            {text} {loss}
          </p>
        </section>
      ))}
    </div>
  )
}

function OwnStake({ tagger }: { tagger: Tagger }) {
  const standing = useStanding(tagger)
  return (
    <Loaded query={standing} waiting={<Waiting lines={4} height={60} />}>
      {(data) => (
        <>
          <Figures standing={data} />
          <StakeActions tagger={tagger} standing={data} />
        </>
      )}
    </Loaded>
  )
}

function Figures({ standing }: { standing: Standing }) {
  const { stake, votes, isDelegated } = standing
  const { figures, title } = t.network.stake
  return (
    <Panel title={title}>
      <div className={styles.stack}>
        <Stats>
          <Stat label={figures.staked} value={formatTag(stake.staked)} />
          <Stat label={figures.free} value={formatTag(stake.free)} />
          <Stat
            label={figures.validating}
            value={formatTag(stake.validating)}
            note={stake.engaged > 0n ? t.network.stake.engaged(formatTag(stake.engaged)) : undefined}
          />
          <Stat label={figures.bonded} value={formatTag(stake.bonded)} />
          <Stat
            label={figures.cooling}
            value={formatTag(stake.cooling)}
            note={
              stake.cooling > 0n ? (
                <TimeLeft until={stake.coolingUntil * 1000} over={t.network.stake.coolingDone} />
              ) : undefined
            }
          />
          <Stat label={figures.votes} value={formatTag(votes)} />
        </Stats>
        {isDelegated && <Notice>{t.network.stake.delegated}</Notice>}
      </div>
    </Panel>
  )
}
