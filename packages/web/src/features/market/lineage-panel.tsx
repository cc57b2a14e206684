import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Panel } from '../../components/page.tsx'
import { Notice } from '../../components/states.tsx'
import { formatBps, formatCount, shorten } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Dataset } from '../../lib/queries.ts'
import styles from './market.module.css'

/** The way of a dataset, drawn: people, answers, final batch, dataset. */
export function LineagePanel({ dataset }: { dataset: Dataset }) {
  return (
    <Panel title={t.market.lineage} aside={<span className="small dim">{t.market.lineageHint}</span>}>
      <div className={styles.lineage}>
        {dataset.lineage.length === 0 && <Notice tone="warn">{t.market.unproven}</Notice>}
        {dataset.lineage.map((source) => (
          <div key={`${source.campaignId} ${source.batch}`} className={styles.stack}>
            <div className={styles.row}>
              <Link className="link" to="/campaigns/$campaignId" params={{ campaignId: source.campaignId }}>
                {source.title}
              </Link>
              <Button
                component={Link}
                to={`/verify?campaign=${source.campaignId}`}
                size="compact-sm"
                variant="light"
              >
                {t.market.recompute}
              </Button>
            </div>
            <div className={styles.path}>
              <Node name={t.market.node.people} value={formatCount(source.workers)} />
              <span className={styles.edge} />
              <Node name={t.market.node.records} value={formatCount(source.records)} />
              <span className={styles.edge} />
              <Node name={t.market.node.batch} value={shorten(source.batch)} />
              <span className={styles.edge} />
              <Node name={t.market.node.dataset} value={t.count.items(dataset.items)} isEnd />
            </div>
            <span className="dim small">
              {t.market.facts.share}: {formatBps(source.contributorsBps)}
            </span>
          </div>
        ))}
      </div>
    </Panel>
  )
}

function Node({ name, value, isEnd }: { name: string; value: string; isEnd?: boolean }) {
  return (
    <div className={`${styles.node} ${isEnd ? styles.isEnd : ''}`}>
      <span>{name}</span>
      <strong>{value}</strong>
    </div>
  )
}
