import { Modal } from '@mantine/core'
import { IconDeviceLaptop, IconWallet } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { t } from '../lib/messages.ts'
import { networkQuery } from '../lib/queries.ts'
import { openWallet } from '../lib/wallet/open-wallet.ts'
import { ErrorNotice, Notice, Waiting } from './states.tsx'
import styles from './wallet-dialog.module.css'

/** Wallets found in this browser, and the test wallet on a local network. */
export function WalletDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const network = useQuery(networkQuery()).data
  const wallets = useQuery({
    queryKey: ['wallets'],
    enabled: isOpen,
    staleTime: 0,
    queryFn: async () => await (await openWallet()).listWallets(),
  })
  const connect = useMutation({
    mutationFn: async (id: string | null) => {
      const wallet = await openWallet()
      await (id === null ? wallet.connectLocalWallet() : wallet.connectWallet(id))
    },
    onSuccess: onClose,
  })
  const found = wallets.data ?? []
  return (
    <Modal opened={isOpen} onClose={onClose} title={<strong>{t.wallet.title}</strong>} size={420}>
      <p className="dim small">{t.wallet.why}</p>
      <div className={styles.list}>
        {wallets.isPending && <Waiting lines={1} height={54} />}
        {found.map((wallet) => (
          <button
            key={wallet.uid}
            type="button"
            className={styles.wallet}
            onClick={() => connect.mutate(wallet.id)}
          >
            {wallet.icon ? <img src={wallet.icon} alt="" /> : <IconWallet stroke={1.5} aria-hidden />}
            <span>
              {wallet.name}
              <small>{t.wallet.found}</small>
            </span>
          </button>
        ))}
        {wallets.isSuccess && found.length === 0 && <Notice>{t.wallet.none}</Notice>}
        {network?.isLocal && (
          <button type="button" className={styles.wallet} onClick={() => connect.mutate(null)}>
            <IconDeviceLaptop stroke={1.5} aria-hidden />
            <span>
              {t.wallet.local}
              <small>{t.wallet.localHint}</small>
            </span>
          </button>
        )}
        {connect.isPending && <Notice>{t.wallet.connecting}</Notice>}
        <ErrorNotice error={connect.error} />
      </div>
    </Modal>
  )
}
