import { Button, TextInput } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { type ReactNode, useState } from 'react'
import { TransactionButton } from '../../components/transaction.tsx'
import { toDecimal } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { type AmountFault, formatTag, readAmount, TAG } from './amounts.ts'
import styles from './network.module.css'
import { GOVERN } from './queries.ts'

/** One thing to do with an amount of TAG: what it means, how much there is, and the button. */
export function AmountForm(props: {
  tagger: Tagger
  title: string
  text: ReactNode
  /** Says how much there is. */
  available: string
  bounds: Parameters<typeof readAmount>[1]
  button: string
  done: string
  send: (amount: bigint) => Promise<{ transactionHash: string }>
}) {
  const { tagger, title, text, available, bounds, button, done, send } = props
  const [typed, setTyped] = useState('')
  const { amount, fault } = readAmount(typed, bounds)
  return (
    <section className={styles.action} aria-label={title}>
      <h3>{title}</h3>
      <p className="dim small">{text}</p>
      <TextInput
        label={t.network.stake.amount}
        description={available}
        inputMode="decimal"
        error={faultText(fault, bounds)}
        value={typed}
        rightSectionWidth={92}
        rightSection={
          <span className={styles.unit}>
            <Button
              variant="subtle"
              size="compact-xs"
              disabled={bounds.most === 0n}
              onClick={() => setTyped(toDecimal(bounds.most, TAG.decimals))}
            >
              {t.network.stake.all}
            </Button>
            <span className="dim small">{TAG.symbol}</span>
          </span>
        }
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <TransactionButton
        tagger={tagger}
        variant="default"
        disabled={fault !== null}
        refresh={[GOVERN, 'balance']}
        doneText={done}
        send={async () => {
          const { transactionHash } = await send(amount)
          setTyped('')
          return transactionHash
        }}
      >
        {button}
      </TransactionButton>
    </section>
  )
}

function faultText(fault: AmountFault, bounds: Parameters<typeof readAmount>[1]): string | null {
  const { faults } = t.network.stake
  switch (fault) {
    case 'no-amount':
      return faults['no-amount']
    case 'too-much':
      return faults['too-much'](formatTag(bounds.most))
    case 'too-little':
      return faults['too-little'](formatTag(bounds.least ?? 0n))
    case 'leaves-too-little':
      return faults['leaves-too-little'](formatTag(bounds.leave ?? 0n))
    default:
      return null
  }
}
