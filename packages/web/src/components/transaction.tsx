import { Button, type ButtonProps } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { t } from '../lib/messages.ts'
import { queryClient } from '../lib/query-client.ts'
import { ensureGas } from '../lib/wallet/gas.ts'
import { Hash } from './parts.tsx'
import { ErrorNotice, Notice } from './states.tsx'
import styles from './transaction.module.css'

/** Something the wallet sends: a button, where it stands, and the way to the transaction. */
export function TransactionButton(
  props: {
    tagger: Tagger
    /** Sends and waits; answers with the hash, or null when there was nothing to do. */
    send: () => Promise<string | null>
    doneText?: string
    refresh?: readonly string[]
    onDone?: () => void
    children: ReactNode
  } & Pick<ButtonProps, 'size' | 'variant' | 'disabled' | 'color'>,
) {
  const { tagger, send, doneText, refresh = [], onDone, children, ...button } = props
  const sending = useMutation({
    mutationFn: async () => {
      await ensureGas(tagger)
      return await send()
    },
    onSuccess: () => {
      for (const key of refresh) void queryClient.invalidateQueries({ queryKey: [key] })
      onDone?.()
    },
  })
  return (
    <div className={styles.transaction}>
      <Button {...button} loading={sending.isPending} onClick={() => sending.mutate()}>
        {children}
      </Button>
      {sending.isPending && <span className="dim small">{t.wallet.transaction.confirm}</span>}
      {sending.isSuccess && sending.data !== null && (
        <Notice tone="good">
          <span>
            {doneText ?? t.wallet.transaction.done} <Hash value={sending.data} isTransaction />
          </span>
        </Notice>
      )}
      <ErrorNotice error={sending.error} />
    </div>
  )
}
