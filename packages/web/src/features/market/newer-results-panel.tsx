import { useNavigate } from '@tanstack/react-router'
import { AccountGate } from '../../components/account-gate.tsx'
import { Panel } from '../../components/page.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { t } from '../../lib/messages.ts'
import type { Dataset } from '../../lib/queries.ts'
import { useSession } from '../../lib/session.ts'
import styles from './market.module.css'

/** For the owner of a dataset whose campaign went on: the newer results as the passport's next version. */
export function NewerResultsPanel({ dataset }: { dataset: Dataset }) {
  const { account } = useSession()
  const navigate = useNavigate()
  if (account !== dataset.owner || !dataset.hasNewerResults || !dataset.isNewest || dataset.minted === null) {
    return null
  }
  return (
    <Panel title={t.market.newer.title}>
      <div className={styles.stack}>
        <p className="dim small">{t.market.newer.text}</p>
        <AccountGate>
          {(tagger) => (
            <TransactionButton
              tagger={tagger}
              isOnce
              doneText={t.market.newer.done}
              refresh={['dataset', 'datasets']}
              send={async () => {
                const next = await tagger.addVersion(dataset)
                await navigate({ to: '/market/$datasetId', params: { datasetId: next.id } })
                return null
              }}
            >
              {t.market.newer.button}
            </TransactionButton>
          )}
        </AccountGate>
      </div>
    </Panel>
  )
}
