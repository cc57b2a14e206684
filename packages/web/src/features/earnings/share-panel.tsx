import { licensesAbi } from '@tagger/contracts/abi'
import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Panel } from '../../components/page.tsx'
import { Table } from '../../components/parts.tsx'
import { Empty, Loaded } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { formatAmount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { useSession } from '../../lib/session.ts'
import styles from './earnings.module.css'

/** What datasets of this account earned and the contract holds for it; nothing to see for those who sell nothing. */
export function SalesPanel({ tagger }: { tagger: Tagger }) {
  const { account } = useSession()
  const balances = useQuery({
    queryKey: ['balance', account, 'sales'],
    enabled: account !== null,
    refetchInterval: 10_000,
    queryFn: async () => {
      const { network, client } = await tagger.chain()
      const address = network.contracts.licenses
      const owed = await Promise.all(
        network.tokens.map(async (token) => {
          const args = [token.address, account ?? '0x'] as const
          return {
            token,
            amount: await client.readContract({ address, abi: licensesAbi, functionName: 'balances', args }),
          }
        }),
      )
      return owed.filter(({ amount }) => amount > 0n)
    },
  })
  if (balances.data === undefined || balances.data.length === 0) return null
  return (
    <Panel title={t.earnings.seller}>
      <div className={styles.stack}>
        <p className="dim small">{t.earnings.sellerHint}</p>
        {balances.data.map(({ token, amount }) => (
          <div key={token.address} className={styles.row}>
            <strong className="number">{formatAmount(amount, token)}</strong>
            <TransactionButton
              tagger={tagger}
              size="xs"
              variant="default"
              refresh={['balance']}
              send={async () => (await tagger.claims.withdraw(token.address)).transactionHash}
            >
              {t.earnings.withdraw}
            </TransactionButton>
          </div>
        ))}
      </div>
    </Panel>
  )
}

/** Dataset revenue that belongs to this account. */
export function SharePanel({ tagger }: { tagger: Tagger }) {
  const { account } = useSession()
  const shares = useQuery({
    queryKey: ['shares', account],
    enabled: account !== null,
    queryFn: async () => (await tagger.api.listShares({ params: { account: account ?? '' } })).data,
    refetchInterval: 10_000,
  })
  return (
    <Panel title={t.earnings.shares} isFlush>
      <Loaded query={shares}>
        {(entries) => {
          if (entries.length === 0)
            return <Empty title={t.earnings.sharesHint} text={t.earnings.sharesEmpty} />
          const isDue = entries.some(({ claimable }) => claimable > 0n)
          return (
            <>
              <Table head={[t.earnings.share.dataset, t.earnings.share.share, t.earnings.share.open]}>
                {entries.map((share) => (
                  <tr key={`${share.passportId} ${share.batch}`}>
                    <td>
                      <Link className="link" to="/market/$datasetId" params={{ datasetId: share.datasetId }}>
                        {share.title}
                      </Link>
                    </td>
                    <td>{formatAmount(share.share, share.token)}</td>
                    <td>{formatAmount(share.claimable, share.token)}</td>
                  </tr>
                ))}
              </Table>
              {isDue && (
                <div className={styles.stack} style={{ padding: 20 }}>
                  <TransactionButton
                    tagger={tagger}
                    refresh={['shares', 'balance']}
                    send={async () => (await tagger.claims.claimShares()).at(-1)?.transactionHash ?? null}
                  >
                    {t.earnings.sharesClaim}
                  </TransactionButton>
                </div>
              )}
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}
