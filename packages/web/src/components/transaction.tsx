import { Button, type ButtonProps } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { t } from '../lib/messages.ts'
import { queryClient } from '../lib/query-client.ts'
import { ensureGas, getGas, lacksGas } from '../lib/wallet/gas.ts'
import { findStaleNonce, type NonceGap } from '../lib/wallet/nonce.ts'
import { Hash } from './parts.tsx'
import { ErrorNotice, Notice } from './states.tsx'
import styles from './transaction.module.css'
import { StaleNonce } from './wallet-hints.tsx'

/** What came of it: a transaction (null when there was nothing to do), or what stands in its way. */
type Outcome = { hash: string | null } | { obstacle: 'no-gas' | NonceGap }

/** Something the wallet sends: a button, where it stands, and the way to the transaction. */
export function TransactionButton(
  props: {
    tagger: Tagger
    /** Sends and waits; answers with the hash, or null when there was nothing to do. */
    send: () => Promise<string | null>
    doneText?: string
    refresh?: readonly string[]
    onDone?: () => void
    /** False hides the button; what came of it stays. */
    isOffered?: boolean
    /** It can be done once: success hides the button. */
    isOnce?: boolean
    children: ReactNode
  } & Pick<ButtonProps, 'size' | 'variant' | 'disabled' | 'color'>,
) {
  const {
    tagger,
    send,
    doneText,
    refresh = [],
    onDone,
    isOffered = true,
    isOnce = false,
    children,
    ...button
  } = props
  const sending = useMutation({
    mutationFn: async (): Promise<Outcome> => {
      await ensureGas(tagger)
      if (await lacksGas(tagger)) return { obstacle: 'no-gas' }
      const gap = await findStaleNonce(tagger)
      if (gap !== null) return { obstacle: gap }
      return { hash: await send() }
    },
    onSuccess: (sent) => {
      if ('obstacle' in sent) return
      for (const key of refresh) void queryClient.invalidateQueries({ queryKey: [key] })
      onDone?.()
    },
  })
  const faucet = useMutation({ mutationFn: () => getGas(tagger), onSuccess: () => sending.mutate() })
  const { data } = sending
  const obstacle = data !== undefined && 'obstacle' in data ? data.obstacle : null
  const sent = data !== undefined && 'hash' in data ? data : null
  if (!isOffered && sending.isIdle) return null
  return (
    <div className={styles.transaction}>
      {isOffered && !(isOnce && sent !== null) && (
        <Button {...button} loading={sending.isPending || faucet.isPending} onClick={() => sending.mutate()}>
          {children}
        </Button>
      )}
      {sending.isPending && <span className="dim small">{t.wallet.transaction.confirm}</span>}
      {obstacle === 'no-gas' && (
        <Notice tone="warn">
          <span>{t.wallet.faucet.needed}</span>
          <div>
            <Button size="xs" variant="default" loading={faucet.isPending} onClick={() => faucet.mutate()}>
              {t.wallet.faucet.button}
            </Button>
          </div>
        </Notice>
      )}
      {obstacle !== null && obstacle !== 'no-gas' && <StaleNonce gap={obstacle} />}
      {sent !== null && sent.hash !== null && (
        <Notice tone="good">
          <span>
            {doneText ?? t.wallet.transaction.done} <Hash value={sent.hash} isTransaction />
          </span>
        </Notice>
      )}
      <ErrorNotice error={sending.error ?? faucet.error} />
    </div>
  )
}
