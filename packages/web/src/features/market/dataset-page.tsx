import { Button } from '@mantine/core'
import { API_PREFIX } from '@tagger/protocol/wire'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { DataValue } from '../../components/data-value.tsx'
import { LabelBars } from '../../components/label-bars.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { Ago, Chip, Facts, Hash, Stat, Stats, Table } from '../../components/parts.tsx'
import { Loaded, Waiting } from '../../components/states.tsx'
import { useActivity } from '../../lib/activity.ts'
import { formatAmount, formatBytes, formatCount, formatShare } from '../../lib/format.ts'
import { languageName } from '../../lib/languages.ts'
import { t } from '../../lib/messages.ts'
import { type Dataset, datasetQuery } from '../../lib/queries.ts'
import { BuyPanel } from './buy-panel.tsx'
import { LineagePanel } from './lineage-panel.tsx'
import styles from './market.module.css'
import { NewerResultsPanel } from './newer-results-panel.tsx'

/** A dataset with its passport. */
export function DatasetPage() {
  const { datasetId } = useParams({ strict: false }) as { datasetId: string }
  const dataset = useQuery(datasetQuery(datasetId))
  useActivity()
  return (
    <Loaded
      query={dataset}
      waiting={
        <Page>
          <Waiting lines={7} height={32} />
        </Page>
      }
    >
      {(data) => <Content dataset={data} />}
    </Loaded>
  )
}

function Content({ dataset }: { dataset: Dataset }) {
  return (
    <Page
      title={dataset.title}
      lead={dataset.description}
      actions={
        <Button
          component="a"
          variant="default"
          href={`${API_PREFIX}/datasets/${dataset.id}/croissant.json`}
          target="_blank"
          rel="noreferrer"
        >
          {t.market.manifest}
        </Button>
      }
    >
      <div className={styles.grid}>
        <div className={styles.column}>
          <Panel
            title={t.market.quality}
            aside={
              <Chip tone={dataset.isProven ? 'good' : 'warn'}>
                {dataset.isProven ? t.market.proven : t.market.unproven}
              </Chip>
            }
          >
            <Stats>
              <Stat label={t.market.facts.items} value={formatCount(dataset.items)} />
              <Stat label={t.market.facts.records} value={formatCount(dataset.records)} />
              <Stat label={t.market.facts.people} value={formatCount(dataset.contributors)} />
              <Stat label={t.market.facts.sure} value={formatShare(dataset.meanConfidence)} />
            </Stats>
          </Panel>
          <LineagePanel dataset={dataset} />
          <Panel title={t.market.labels}>
            <LabelBars labels={dataset.labels} />
          </Panel>
          <Sample dataset={dataset} />
        </div>
        <div className={styles.column}>
          <BuyPanel dataset={dataset} />
          <NewerResultsPanel dataset={dataset} />
          <About dataset={dataset} />
        </div>
      </div>
    </Page>
  )
}

function Sample({ dataset }: { dataset: Dataset }) {
  const columns = [...new Set(dataset.sample.flatMap((row) => Object.keys(row)))]
  if (columns.length === 0) return null
  return (
    <Panel title={t.market.sample} aside={<span className="small dim">{t.market.sampleHint}</span>} isFlush>
      <Table head={columns}>
        {dataset.sample.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a fixed sample; rows may repeat.
          <tr key={index}>
            {columns.map((column) => (
              <td key={column}>
                <DataValue value={row[column] ?? ''} />
              </td>
            ))}
          </tr>
        ))}
      </Table>
    </Panel>
  )
}

function About({ dataset }: { dataset: Dataset }) {
  const f = t.market.facts
  const sold = dataset.offers.reduce((sum, { sales }) => sum + sales, 0)
  return (
    <Panel>
      <Facts
        entries={[
          [f.license, dataset.license],
          [f.languages, dataset.languages.map(languageName).join(', ')],
          [f.size, formatBytes(dataset.bytes)],
          [f.created, <Ago key="created" time={dataset.createdAt} />],
          [f.owner, <Hash key="owner" value={dataset.owner} />],
          [f.sales, formatCount(sold)],
          ...dataset.revenue.map(
            ({ token, sold, contributors }) =>
              [
                f.revenue,
                f.revenueText(formatAmount(sold, token), formatAmount(contributors, token)),
              ] as const,
          ),
          ...(dataset.passportId === null
            ? []
            : ([[f.passport, f.passportText(dataset.passportId, dataset.version)]] as const)),
          ...(dataset.mintTransaction === null
            ? []
            : ([[f.minted, <Hash key="minted" value={dataset.mintTransaction} isTransaction />]] as const)),
          [f.content, <Hash key="content" value={dataset.mint.version.contentRoot} />],
        ]}
      />
    </Panel>
  )
}
