import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { AccountGate } from '../../components/account-gate.tsx'
import { Panel } from '../../components/page.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import styles from './network.module.css'
import type { NetworkSearch } from './parts.ts'
import { ProposalCard } from './proposal-card.tsx'
import { ProposalForm } from './proposal-form.tsx'
import { parametersQuery, proposalsQuery } from './queries.ts'

/** Name in the address of a form whose parameter is still to be chosen. */
const ANY = 'any'

/** Proposals, newest first, and the form that makes one. */
export function ProposalsPart() {
  const { change } = useSearch({ strict: false }) as NetworkSearch
  const proposals = useQuery(proposalsQuery())
  const parameters = useQuery(parametersQuery())
  const p = t.network.proposals
  return (
    <>
      {change !== undefined && (
        <Panel title={t.network.propose.title}>
          <AccountGate why={p.gate}>
            {(tagger) => (
              <Loaded query={parameters}>
                {(data) => <ProposalForm key={change} tagger={tagger} parameters={data} chosen={change} />}
              </Loaded>
            )}
          </AccountGate>
        </Panel>
      )}
      <Panel
        title={p.title}
        isFlush
        aside={
          change === undefined && (
            <Button component={Link} to={`/network?part=proposals&change=${ANY}`} size="xs">
              {p.make}
            </Button>
          )
        }
      >
        <Loaded query={proposals}>
          {(entries) =>
            entries.length === 0 ? (
              <Empty title={p.empty} text={p.emptyHint} />
            ) : (
              <div className={styles.cards}>
                {entries.map((proposal) => (
                  <ProposalCard key={proposal.id} proposal={proposal} parameters={parameters.data ?? []} />
                ))}
              </div>
            )
          }
        </Loaded>
      </Panel>
    </>
  )
}
