import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Panel } from '../../components/page.tsx'
import { Ago, Chip, NumberCell, Table } from '../../components/parts.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { api } from '../../lib/api.ts'
import { formatAmount, shorten } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { campaignsQuery } from '../../lib/queries.ts'

const COLUMNS = ['funded', 'payoutsTotal', 'claimed', 'fees', 'refunded'] as const

/** The operator's books beside the chain, now. */
export function ReconciliationPanel() {
  const books = useQuery({
    queryKey: ['reconciliation'],
    queryFn: () => api.getReconciliation(),
    refetchInterval: 15_000,
  })
  const campaigns = useQuery(campaignsQuery({ limit: 200 })).data ?? []
  const byId = new Map(campaigns.map((campaign) => [campaign.id, campaign]))
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
        {(data) =>
          data.campaigns.length === 0 ? (
            <Empty title={t.trust.none} text={t.trust.reconciliationText} />
          ) : (
            <Table
              head={[c.campaign, c.funded, c.payouts, c.claimed, c.fees, c.refunded, c.state]}
              numeric={[1, 2, 3, 4, 5]}
            >
              {data.campaigns.slice(0, 50).map(({ id, isEqual, ledger, chain }) => {
                const campaign = byId.get(id)
                const token = campaign?.token ?? { address: '', symbol: '', decimals: 6 }
                return (
                  <tr key={id}>
                    <td>
                      <Link className="link" to="/campaigns/$campaignId" params={{ campaignId: id }}>
                        {campaign?.title ?? shorten(id)}
                      </Link>
                    </td>
                    {COLUMNS.map((column) => (
                      <NumberCell key={column}>
                        {formatAmount(ledger[column], token)}
                        {ledger[column] !== chain[column] && (
                          <div style={{ color: 'var(--bad)' }}>{formatAmount(chain[column], token)}</div>
                        )}
                      </NumberCell>
                    ))}
                    <td>
                      <Chip tone={isEqual ? 'good' : 'bad'}>{isEqual ? t.trust.equal : t.trust.differs}</Chip>
                    </td>
                  </tr>
                )
              })}
            </Table>
          )
        }
      </Loaded>
    </Panel>
  )
}
