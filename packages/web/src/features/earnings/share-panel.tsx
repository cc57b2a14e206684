import { Button } from '@mantine/core'
import { licensesAbi } from '@tagger/contracts/abi'
import type { Tagger } from '@tagger/sdk'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
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
  // What was withdrawn just now still says so.
  const [withdrawn, setWithdrawn] = useState<readonly string[]>([])
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
      return owed
    },
  })
  const shown = (balances.data ?? []).filter(
    ({ token, amount }) => amount > 0n || withdrawn.includes(token.address),
  )
  if (shown.length === 0) return null
  return (
    <Panel title={t.earnings.seller}>
      <div className={styles.stack}>
        <p className="dim small">{t.earnings.sellerHint}</p>
        {shown.map(({ token, amount }) => (
          <div key={token.address} className={styles.row}>
            <strong className="number">{formatAmount(amount, token)}</strong>
            <TransactionButton
              tagger={tagger}
              size="xs"
              variant="default"
              isOffered={amount > 0n}
              refresh={['balance']}
              onDone={() => setWithdrawn((before) => [...before, token.address])}
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
  const shares = useInfiniteQuery({
    queryKey: ['shares', account],
    enabled: account !== null,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      tagger.api.listShares({ params: { account: account ?? '' }, query: { cursor: pageParam } }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    refetchInterval: 10_000,
  })
  return (
    <Panel title={t.earnings.shares} isFlush>
      <Loaded query={shares}>
        {({ pages }) => {
          const entries = pages.flatMap(({ data }) => data)
          if (entries.length === 0)
            return <Empty title={t.earnings.sharesHint} text={t.earnings.sharesEmpty} />
          // Claiming goes through every page, shown or not.
          const isDue = shares.hasNextPage || entries.some(({ claimable }) => claimable > 0n)
          return (
            <>
              <Table head={[t.earnings.share.dataset, t.earnings.share.share, t.earnings.share.open]}>
                {entries.map((share) => (
                  <tr key={`${share.passportId} ${share.batch} ${share.token.address}`}>
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
              <div className={styles.due}>
                {shares.hasNextPage && (
                  <Button
                    variant="default"
                    loading={shares.isFetchingNextPage}
                    onClick={() => void shares.fetchNextPage()}
                  >
                    {t.action.more}
                  </Button>
                )}
                <TransactionButton
                  isOffered={isDue}
                  tagger={tagger}
                  refresh={['shares', 'balance']}
                  send={async () => (await tagger.claims.claimShares()).at(-1)?.transactionHash ?? null}
                >
                  {t.earnings.sharesClaim}
                </TransactionButton>
              </div>
            </>
          )
        }}
      </Loaded>
    </Panel>
  )
}
