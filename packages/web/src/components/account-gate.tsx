import { Button } from '@mantine/core'
import { IconSignature, IconWallet } from '@tabler/icons-react'
import type { Tagger } from '@tagger/sdk'
import { type ReactNode, useState } from 'react'
import { now } from '../lib/clock.ts'
import { formatDay } from '../lib/format.ts'
import { t } from '../lib/messages.ts'
import { useTagger } from '../lib/tagger.ts'
import styles from './account-gate.module.css'
import { Empty, ErrorNotice, Failed, Waiting } from './states.tsx'
import { WalletDialog } from './wallet-dialog.tsx'
import { WrongNetwork } from './wallet-hints.tsx'

const DEVICE_DAYS = 7

/** Shows its content to whoever is connected and logged in; leads everyone else there in one or two steps. */
export function AccountGate(props: {
  why?: string
  withDevice?: boolean
  children: (tagger: Tagger) => ReactNode
}) {
  const { why, withDevice, children } = props
  const { account, status, login, isReady, tagger, error } = useTagger()
  const [isOpen, setOpen] = useState(false)
  if (status === 'connecting') return <Waiting lines={5} />
  if (account === null) {
    return (
      <>
        <Empty
          icon={<IconWallet size={28} stroke={1.5} aria-hidden />}
          title={t.wallet.gateTitle}
          text={why ?? t.wallet.why}
          action={<Button onClick={() => setOpen(true)}>{t.wallet.connect}</Button>}
        />
        <WalletDialog isOpen={isOpen} onClose={() => setOpen(false)} />
      </>
    )
  }
  if (!isReady) {
    return (
      <div className={styles.login}>
        <IconSignature size={28} stroke={1.5} aria-hidden />
        <h3>{withDevice ? t.wallet.login.title : t.wallet.login.first}</h3>
        <ol className={styles.steps}>
          <li>
            <strong>{t.wallet.login.first}</strong>
            <span>{t.wallet.login.firstHint}</span>
          </li>
          {withDevice && (
            <li>
              <strong>{t.wallet.login.second(formatDay(now() + DEVICE_DAYS * 86_400_000, now()))}</strong>
              <span>{t.wallet.login.secondHint}</span>
            </li>
          )}
        </ol>
        {/* Wallets sign nothing for a chain they are not on. */}
        <WrongNetwork />
        <Button loading={login.isPending} onClick={() => login.mutate()}>
          {withDevice ? t.wallet.login.start : t.wallet.login.first}
        </Button>
        <ErrorNotice error={login.error} />
      </div>
    )
  }
  if (error !== null && tagger === null) return <Failed error={error} />
  if (tagger === null) return <Waiting lines={5} />
  return (
    <>
      <WrongNetwork />
      {children(tagger)}
    </>
  )
}
