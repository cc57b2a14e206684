import { Button } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Panel } from '../../components/page.tsx'
import { Chip, Facts, Hash } from '../../components/parts.tsx'
import { Empty, ErrorNotice, Loaded, Notice, Waiting } from '../../components/states.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatAmount, formatDay } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { useSession } from '../../lib/session.ts'
import { openWallet } from '../../lib/wallet/open-wallet.ts'
import styles from './earnings.module.css'

/** Balances, test money, and help when the wallet and the network disagree. */
export function WalletPanel({ tagger }: { tagger: Tagger }) {
  const { account, kind } = useSession()
  const network = useQuery(networkQuery()).data
  const balances = useQuery({
    queryKey: ['balance', account],
    enabled: account !== null && network !== undefined,
    refetchInterval: 10_000,
    queryFn: async () => {
      const chain = await tagger.chain()
      const address = account ?? '0x'
      const [nonce, walletNonce] = await Promise.all([
        chain.client.getTransactionCount({ address }),
        kind === 'injected' ? (await openWallet()).walletNonce(address) : null,
      ])
      const amounts = await Promise.all(
        (network?.tokens ?? []).map(async (token) => ({
          token,
          amount: await chain.balanceOf(token.address, address),
        })),
      )
      return { amounts, nonce, walletNonce }
    },
  })
  const faucet = useMutation({
    mutationFn: () => tagger.api.createFaucetDrop({ body: { account: account ?? '' } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['balance'] }),
  })
  const add = useMutation({ mutationFn: async () => await (await openWallet()).switchToNetwork() })
  return (
    <Panel title={t.earnings.wallet}>
      <div className={styles.stack}>
        <Facts
          entries={[
            [t.wallet.account, <Hash key="account" value={account ?? ''} />],
            ...(balances.data?.amounts ?? []).map(
              ({ token, amount }) => [token.symbol, formatAmount(amount, token)] as const,
            ),
          ]}
        />
        {balances.isPending && <Waiting lines={2} />}
        {balances.data?.walletNonce != null && balances.data.walletNonce > balances.data.nonce && (
          <Notice tone="warn" title={t.wallet.nonceTitle}>
            {t.wallet.nonceHint(balances.data.walletNonce, balances.data.nonce)}
          </Notice>
        )}
        {network?.isLocal && (
          <div className={styles.row}>
            <span className="dim small">{t.wallet.faucet.hint}</span>
            <Button size="xs" variant="default" loading={faucet.isPending} onClick={() => faucet.mutate()}>
              {t.wallet.faucet.button}
            </Button>
          </div>
        )}
        {faucet.isSuccess && <Notice tone="good">{t.wallet.faucet.done}</Notice>}
        {kind === 'injected' && (
          <div>
            <Button size="xs" variant="default" loading={add.isPending} onClick={() => add.mutate()}>
              {t.wallet.addNetwork}
            </Button>
          </div>
        )}
        {add.isSuccess && <Notice tone="good">{t.wallet.networkAdded}</Notice>}
        <ErrorNotice error={faucet.error ?? add.error} />
      </div>
    </Panel>
  )
}

/** Devices whose key may sign answers for this account. */
export function DevicePanel({ tagger }: { tagger: Tagger }) {
  const now = useNow()
  const keys = useQuery({
    queryKey: ['device-keys'],
    queryFn: async () => (await tagger.api.listSessionKeys()).data,
  })
  return (
    <Panel title={t.wallet.device.title}>
      <Loaded query={keys}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty title={t.wallet.device.empty} />
          ) : (
            <div className={styles.stack}>
              {entries.map((key) => {
                const until = key.notAfter * 1000
                const isOver = until < now
                return (
                  <div key={key.publicKey} className={styles.row}>
                    <span>
                      {(isOver ? t.wallet.device.expired : t.wallet.device.until)(formatDay(until, now))}
                    </span>
                    <Chip tone={isOver ? undefined : 'good'}>
                      {/^0x0+$/.test(key.scope) ? t.wallet.device.everywhere : t.wallet.device.one}
                    </Chip>
                  </div>
                )
              })}
              <details className="small dim">
                <summary>{t.action.details}</summary>
                {t.wallet.device.details}
              </details>
            </div>
          )
        }
      </Loaded>
    </Panel>
  )
}
