import { Button } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { AccountGate } from '../../components/account-gate.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { Stat, Stats } from '../../components/parts.tsx'
import { Empty, Loaded, Waiting } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { useActivity } from '../../lib/activity.ts'
import { formatAmount, type Token } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Earnings } from '../../lib/queries.ts'
import { CampaignEarnings } from './campaign-earnings.tsx'
import { DevicePanel } from './device-panel.tsx'
import styles from './earnings.module.css'
import { ReceiptPanel } from './receipt-panel.tsx'
import { RecordList } from './record-list.tsx'
import { SalesPanel, SharePanel } from './share-panel.tsx'
import { StoppedPanel } from './stopped-panel.tsx'
import { WalletPanel } from './wallet-panel.tsx'

/** Everything an account earned, is owed and may take. */
export function EarningsPage() {
  useActivity()
  return (
    <Page title={t.earnings.title} lead={t.earnings.lead}>
      <AccountGate why={t.earnings.gate}>{(tagger) => <Content tagger={tagger} />}</AccountGate>
    </Page>
  )
}

function Content({ tagger }: { tagger: Tagger }) {
  const earnings = useQuery({
    queryKey: ['earnings'],
    queryFn: async () => (await tagger.api.listOwnEarnings()).data,
    refetchInterval: 5_000,
  })
  return (
    <div className={styles.grid}>
      <StoppedPanel tagger={tagger} />
      <Loaded query={earnings} waiting={<Waiting lines={3} height={90} />}>
        {(entries) => (
          <>
            <Sums tagger={tagger} entries={entries} />
            <Panel title={t.earnings.byCampaign} isFlush>
              {entries.length === 0 ? (
                <Empty
                  title={t.earnings.emptyTitle}
                  text={t.earnings.empty}
                  action={
                    <Button component={Link} to="/work">
                      {t.earnings.findWork}
                    </Button>
                  }
                />
              ) : (
                entries.map((entry) => (
                  <CampaignEarnings key={entry.campaignId} tagger={tagger} entry={entry} />
                ))
              )}
            </Panel>
          </>
        )}
      </Loaded>
      <RecordList tagger={tagger} />
      <div className={styles.side}>
        <div className={styles.grid}>
          <SharePanel tagger={tagger} />
          <SalesPanel tagger={tagger} />
        </div>
        <div className={styles.grid}>
          <WalletPanel tagger={tagger} />
          <DevicePanel tagger={tagger} />
          <ReceiptPanel tagger={tagger} entries={earnings.data ?? []} />
        </div>
      </div>
    </div>
  )
}

/** Sums in one token; amounts in other tokens show in their own campaigns. */
function Sums({ tagger, entries }: { tagger: Tagger; entries: readonly Earnings[] }) {
  const network = useQuery({ queryKey: ['network'], queryFn: () => tagger.api.getNetwork() }).data
  const token: Token | undefined = entries[0]?.token ?? network?.tokens[0]
  const same = entries.filter((entry) => entry.token.address === token?.address)
  const sum = (of: (entry: Earnings) => bigint) => same.reduce((total, entry) => total + of(entry), 0n)
  const due = entries.filter(({ claimable }) => claimable > 0n)
  const show = (amount: bigint) => (token === undefined ? '–' : formatAmount(amount, token))
  return (
    <div className={styles.sums}>
      <Panel>
        <div className={styles.claim}>
          <div>
            <span className="dim small">{t.earnings.claimable}</span>
            <div className={styles.big}>{show(sum(({ claimable }) => claimable))}</div>
          </div>
          {due.length === 0 && <p className="dim small">{t.earnings.nothingHint}</p>}
          <TransactionButton
            isOffered={due.length > 0}
            tagger={tagger}
            refresh={['earnings', 'records', 'balance']}
            doneText={t.earnings.claimed}
            send={async () => {
              let last: string | null = null
              for (const { campaignId } of due) {
                last = (await tagger.claims.claim(campaignId))?.transactionHash ?? last
              }
              return last
            }}
          >
            {due.length < 2 ? t.earnings.claim : t.earnings.claimAll}
          </TransactionButton>
        </div>
      </Panel>
      <Panel>
        <Stats>
          <Stat label={t.earnings.pending} value={show(sum(({ pendingAtLeast }) => pendingAtLeast))} />
          <Stat label={t.earnings.earned} value={show(sum(({ earned }) => earned))} />
          <Stat label={t.earnings.paid} value={show(sum(({ claimed }) => claimed))} />
        </Stats>
      </Panel>
    </div>
  )
}
