import { useQuery } from '@tanstack/react-query'
import { Panel } from '../../components/page.tsx'
import { Chip, NumberCell, Table } from '../../components/parts.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import { Account } from './account.tsx'
import { formatTag } from './amounts.ts'
import styles from './network.module.css'
import { type Stake, stakesQuery } from './queries.ts'

const AMOUNTS = ['staked', 'validating', 'bonded', 'cooling', 'votes', 'slashed'] as const

/** Who has TAG at stake, and for what. */
export function StakesPart() {
  const stakes = useQuery(stakesQuery())
  const s = t.network.stakes
  return (
    <Panel title={s.title} isFlush>
      <Loaded query={stakes}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty title={s.empty} text={s.emptyHint} />
          ) : (
            <Table
              head={[s.head.account, s.head.role, ...AMOUNTS.map((name) => s.head[name])]}
              numeric={AMOUNTS.map((_, index) => index + 2)}
            >
              {entries.map((stake) => (
                <tr key={stake.account}>
                  <td className={styles.noBreak}>
                    <Account value={stake.account} />
                  </td>
                  <td>
                    <span className={styles.buttons}>
                      {rolesOf(stake).map((role) => (
                        <Chip key={role}>{s.roles[role]}</Chip>
                      ))}
                    </span>
                  </td>
                  {AMOUNTS.map((name) => (
                    <NumberCell key={name}>
                      <span className={`${styles.noBreak} ${stake[name] === 0n ? 'dim' : ''}`}>
                        {formatTag(stake[name])}
                      </span>
                    </NumberCell>
                  ))}
                </tr>
              ))}
            </Table>
          )
        }
      </Loaded>
    </Panel>
  )
}

/** What an account does with its stake; an operator without a running campaign is told by nothing on chain. */
function rolesOf({ validating, bonded }: Stake): ('validator' | 'operator' | 'holder')[] {
  const roles = [
    ...(validating > 0n ? (['validator'] as const) : []),
    ...(bonded > 0n ? (['operator'] as const) : []),
  ]
  return roles.length === 0 ? ['holder'] : roles
}
