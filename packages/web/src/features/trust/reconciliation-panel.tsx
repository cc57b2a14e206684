import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
import { useQueries, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Panel } from '../../components/page.tsx'
import { Ago, Chip, NumberCell, Table } from '../../components/parts.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { api } from '../../lib/api.ts'
import { formatAmounts, formatExact, shorten } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { type Campaign, campaignQuery } from '../../lib/queries.ts'
import styles from './trust.module.css'

type Books = ResponseOf<Endpoints['getReconciliation']>
type Entry = Books['campaigns'][number]

const SHOWN = 50
const TAG = { address: '0x', symbol: 'TAG', decimals: 18 } as const
const COLUMNS = ['funded', 'payoutsTotal', 'claimed', 'fees', 'refunded'] as const

/** The operator's books beside the chain, now. */
export function ReconciliationPanel() {
  const books = useQuery({
    queryKey: ['reconciliation'],
    queryFn: () => api.getReconciliation(),
    refetchInterval: 15_000,
  })
  const shown = (books.data?.campaigns ?? []).slice(0, SHOWN)
  const campaigns = useQueries({
    queries: shown.map(({ id }) => ({ ...campaignQuery(id), staleTime: 60_000 })),
  })
  const c = t.trust.column
  return (
    <Panel
      title={t.trust.reconciliation}
      aside={
        books.data && (
          <span style={{ display: 'flex', gap: 10, alignItems: 'center' }}>
            <span className="dim small">
              <Ago time={books.data.checkedAt} />
            </span>
            <Chip tone={books.data.ok ? 'good' : 'bad'}>
              {books.data.ok ? t.trust.equal : t.trust.differs}
            </Chip>
          </span>
        )
      }
      isFlush
    >
      <Loaded query={books}>
        {(data) => (
          <>
            {data.campaigns.length === 0 ? (
              <Empty title={t.trust.none} text={t.trust.reconciliationText} />
            ) : (
              <Table
                head={[c.campaign, c.funded, c.payouts, c.claimed, c.fees, c.refunded, c.state]}
                numeric={[1, 2, 3, 4, 5]}
              >
                {shown.map((entry, row) => (
                  <BooksRow
                    key={entry.id}
                    entry={entry}
                    campaign={campaigns[row]?.data}
                    peers={shown.filter(
                      (_, peer) =>
                        campaigns[peer]?.data?.token.address === campaigns[row]?.data?.token.address,
                    )}
                  />
                ))}
              </Table>
            )}
            <StakesLine stakes={data.stakes} />
          </>
        )}
      </Loaded>
    </Panel>
  )
}

/** What the staking contract owes by the ledger, and what it holds. */
function StakesLine({ stakes }: { stakes: Books['stakes'] }) {
  const { staked, cooling, credited, held, isCovered } = stakes
  return (
    <p className={styles.stakes}>
      {t.trust.stakes(formatExact(staked + cooling + credited, TAG), formatExact(held, TAG))}
      <Chip tone={isCovered ? 'good' : 'bad'}>{isCovered ? t.trust.covered : t.trust.differs}</Chip>
    </p>
  )
}

/** One campaign's books; `peers` are those in the same token, whose amounts have as many digits. */
function BooksRow(props: { entry: Entry; campaign: Campaign | undefined; peers: readonly Entry[] }) {
  const { entry, campaign, peers } = props
  const { id, isEqual, ledger, chain } = entry
  const amounts =
    campaign === undefined
      ? []
      : formatAmounts(
          [entry, ...peers].flatMap(({ ledger }) => COLUMNS.map((column) => ledger[column])),
          campaign.token,
        )
  return (
    <tr>
      <td className={styles.campaign}>
        <Link className="link" to="/campaigns/$campaignId" params={{ campaignId: id }}>
          {campaign?.title ?? shorten(id)}
        </Link>
      </td>
      {COLUMNS.map((column, index) => (
        <NumberCell key={column}>
          {campaign === undefined ? (
            '–'
          ) : ledger[column] === chain[column] ? (
            amounts[index]
          ) : (
            <>
              {formatExact(ledger[column], campaign.token)}
              <div style={{ color: 'var(--bad)' }}>{formatExact(chain[column], campaign.token)}</div>
            </>
          )}
        </NumberCell>
      ))}
      <td>
        <Chip tone={isEqual ? 'good' : 'bad'}>{isEqual ? t.trust.equal : t.trust.differs}</Chip>
      </td>
    </tr>
  )
}
