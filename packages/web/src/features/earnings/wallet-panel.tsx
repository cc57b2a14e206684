import { Button } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Panel } from '../../components/page.tsx'
import { Facts, Hash } from '../../components/parts.tsx'
import { ErrorNotice, Notice, Waiting } from '../../components/states.tsx'
import { StaleNonce } from '../../components/wallet-hints.tsx'
import { formatAmount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { useSession } from '../../lib/session.ts'
import { findStaleNonce } from '../../lib/wallet/nonce.ts'
import { openWallet } from '../../lib/wallet/open-wallet.ts'
import styles from './earnings.module.css'
import { ExportDialog } from './export-dialog.tsx'

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
      const amounts = await Promise.all(
        (network?.tokens ?? []).map(async (token) => ({
          token,
          amount: await chain.balanceOf(token.address, address),
        })),
      )
      return { amounts, gap: await findStaleNonce(tagger) }
    },
  })
  const faucet = useMutation({
    mutationFn: () => tagger.api.createFaucetDrop({ body: { account: account ?? '' } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['balance'] }),
  })
  const [isExporting, setExporting] = useState(false)
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
        {balances.data?.gap != null && <StaleNonce gap={balances.data.gap} />}
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
        {kind === 'local' && (
          <div>
            <Button size="xs" variant="default" onClick={() => setExporting(true)}>
              {t.wallet.export.button}
            </Button>
          </div>
        )}
        {add.isSuccess && <Notice tone="good">{t.wallet.networkAdded}</Notice>}
        <ErrorNotice error={faucet.error ?? add.error} />
      </div>
      <ExportDialog isOpen={isExporting} onClose={() => setExporting(false)} />
    </Panel>
  )
}
