import { Button, Tooltip } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { DataValue } from '../../components/data-value.tsx'
import { Panel } from '../../components/page.tsx'
import { Ago, Chip } from '../../components/parts.tsx'
import { Empty, Failed, Waiting } from '../../components/states.tsx'
import { formatAmounts, formatShare } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery, type OwnRecord } from '../../lib/queries.ts'
import styles from './earnings.module.css'

const TONES = {
  answered: undefined,
  agreed: undefined,
  'in-batch': 'warn',
  final: 'good',
  claimable: 'good',
  paid: 'good',
  replaced: undefined,
} as const

/** How many characters of a text are its beginning. */
const BEGINNING = 60

/** Every answer with its state, and its reason once it is final. */
export function RecordList({ tagger }: { tagger: Tagger }) {
  const network = useQuery(networkQuery()).data
  const records = useInfiniteQuery({
    queryKey: ['records'],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => tagger.api.listOwnRecords({ query: { cursor: pageParam, limit: 20 } }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: 5_000,
  })
  const all = records.data?.pages.flatMap(({ data }) => data) ?? []
  const token = network?.tokens[0]
  const pays =
    token === undefined
      ? []
      : formatAmounts(
          all.map(({ outcome }) => outcome?.amount ?? 0n),
          token,
        )
  return (
    <Panel title={t.earnings.records} isFlush>
      {records.isPending && (
        <div style={{ padding: 20 }}>
          <Waiting lines={4} />
        </div>
      )}
      {records.isError && records.data === undefined && (
        <Failed error={records.error} onRetry={() => void records.refetch()} />
      )}
      {records.isSuccess && all.length === 0 && (
        <Empty title={t.earnings.emptyTitle} text={t.earnings.recordsEmpty} />
      )}
      {all.length > 0 && (
        <div className={styles.records}>
          {all.map((record, index) => (
            <RecordRow key={`${record.campaignId} ${record.seq}`} record={record} pay={pays[index] ?? '–'} />
          ))}
        </div>
      )}
      {records.hasNextPage && (
        <div style={{ padding: 16 }}>
          <Button
            variant="default"
            size="xs"
            loading={records.isFetchingNextPage}
            onClick={() => void records.fetchNextPage()}
          >
            {t.action.more}
          </Button>
        </div>
      )}
    </Panel>
  )
}

function RecordRow({ record, pay }: { record: OwnRecord; pay: string }) {
  const { outcome, state } = record
  return (
    <article className={styles.recordRow}>
      <div className={styles.record}>
        {Object.values(record.data).map((value) => (
          <span key={value} className={styles.item}>
            <DataValue value={value} />
          </span>
        ))}
        {outcome !== null && <span className="dim">{outcome.reason}</span>}
        {outcome?.wasGold && <span className="dim">{t.earnings.gold}</span>}
      </div>
      <div>
        <span dir="auto">{answerText(record)}</span>
        {outcome !== null && (
          <div className="dim micro">
            {t.earnings.result}: {resultText(record.kind, outcome.label)} ({formatShare(outcome.confidence)})
          </div>
        )}
      </div>
      <div className={styles.recordState}>
        <Tooltip label={t.earnings.stepHints[state]}>
          <span>
            <Chip tone={TONES[state]}>{t.earnings.steps[state]}</Chip>
          </span>
        </Tooltip>
        <span className="dim micro">
          <Ago time={record.receivedAt} />
        </span>
      </div>
      <strong className={styles.recordPay}>{outcome === null ? '–' : pay}</strong>
    </article>
  )
}

/** What was answered; of something sent in, how its text begins. */
function answerText({ kind, answer, data }: OwnRecord): string {
  if (answer !== null) return Object.values(answer).flat().join(', ')
  const text = kind === 'submission' ? (Object.values(data)[0] ?? '') : ''
  if (text === '') return '–'
  return text.length > BEGINNING ? `${text.slice(0, BEGINNING).trimEnd()}…` : text
}

function resultText(kind: OwnRecord['kind'], label: string): string {
  if (kind !== 'submission') return label
  return label === 'accept' ? t.earnings.accepted : t.earnings.rejected
}
