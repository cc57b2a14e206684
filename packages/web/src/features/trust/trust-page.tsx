import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Page, Panel } from '../../components/page.tsx'
import { Chip, Facts, Hash } from '../../components/parts.tsx'
import { Loaded } from '../../components/states.tsx'
import { formatBps, formatDuration } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Network } from '../../lib/network.ts'
import { networkQuery } from '../../lib/queries.ts'
import { ReconciliationPanel } from './reconciliation-panel.tsx'
import styles from './trust.module.css'

const CONTRACTS = [
  'campaigns',
  'parameters',
  'passports',
  'licenses',
  'tagToken',
  'staking',
  'disputes',
  'tagGovernor',
  'timelock',
  'testUsd',
] as const

/** What holds money and work, and how to check it. */
export function TrustPage() {
  const network = useQuery(networkQuery())
  return (
    <Page
      title={t.trust.title}
      lead={t.trust.lead}
      actions={
        <Button component={Link} to="/verify">
          {t.trust.verify}
        </Button>
      }
    >
      <div className={styles.rules}>
        {t.trust.rules.map(([title, text]) => (
          <section key={title} className={styles.rule}>
            <h2>{title}</h2>
            <p>{text}</p>
          </section>
        ))}
      </div>
      <Loaded query={network}>{(data) => <NetworkPanels network={data} />}</Loaded>
      <ReconciliationPanel />
    </Page>
  )
}

function NetworkPanels({ network }: { network: Network }) {
  const { facts, fee } = t.trust
  return (
    <div className={styles.panels}>
      <Panel
        title={t.trust.network}
        aside={network.isLocal ? <Chip tone="warn">{t.footer.local}</Chip> : undefined}
      >
        <Facts
          entries={[
            [facts.name, network.name],
            [facts.chain, String(network.chainId)],
            [facts.rpc, network.rpcUrl ?? '–'],
            [facts.operator, <Hash key="operator" value={network.operator} />],
            [facts.receiptKey, <Hash key="receipt" value={network.receiptKey} />],
            [facts.window, formatDuration(network.challengeWindowSeconds)],
          ]}
        />
      </Panel>
      <Panel title={t.trust.contracts}>
        <Facts
          entries={CONTRACTS.flatMap((name) => {
            const address = network.contracts[name]
            return address === null
              ? []
              : [[t.trust.contractNames[name], <Hash key={name} value={address} />] as const]
          })}
        />
      </Panel>
      <Panel title={t.trust.fees}>
        <div className={styles.stack}>
          <p className="dim small">{t.trust.feesText}</p>
          <Facts
            entries={[
              [fee.operator, formatBps(network.fees.operatorFeeBps)],
              [fee.protocol, formatBps(network.fees.protocolFeeBps)],
              [fee.cap, formatBps(network.fees.operatorFeeCapBps)],
            ]}
          />
        </div>
      </Panel>
    </div>
  )
}
