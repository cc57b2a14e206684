import { Button } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { AccountGate } from '../../components/account-gate.tsx'
import { Panel } from '../../components/page.tsx'
import { Hash } from '../../components/parts.tsx'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { formatAmount, formatDuration } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Dataset } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { useSession } from '../../lib/session.ts'
import { ensureGas } from '../../lib/wallet/gas.ts'
import { refuseStaleNonce } from '../../lib/wallet/nonce.ts'
import styles from './market.module.css'

/** The open offer, and buying it. */
export function BuyPanel({ dataset }: { dataset: Dataset }) {
  const { account } = useSession()
  const [isOpen, setOpen] = useState(false)
  const offer = dataset.offers.find((entry) => entry.isOpen)
  return (
    <Panel>
      {offer === undefined ? (
        <p className="dim">{dataset.isNewest ? t.market.notForSale : t.market.replaced}</p>
      ) : (
        <div className={styles.stack}>
          <div>
            <div className={styles.big}>{formatAmount(offer.price, offer.token)}</div>
            <span className="dim small">
              {dataset.license} ·{' '}
              {offer.duration === 0 ? t.market.forever : t.market.lasts(formatDuration(offer.duration))}
            </span>
          </div>
          {account === dataset.owner ? (
            <Notice>{t.market.ownerHint}</Notice>
          ) : isOpen ? (
            <AccountGate>
              {(tagger) => <Purchase tagger={tagger} dataset={dataset} offer={offer} />}
            </AccountGate>
          ) : (
            <Button onClick={() => setOpen(true)}>{t.market.buy}</Button>
          )}
          <p className="dim small">{t.market.buyHint}</p>
        </div>
      )}
    </Panel>
  )
}

function Purchase(props: { tagger: Tagger; dataset: Dataset; offer: Dataset['offers'][number] }) {
  const { tagger, dataset, offer } = props
  const [step, setStep] = useState<'permit' | 'deliver'>('permit')
  const buy = useMutation({
    mutationFn: async () => {
      setStep('permit')
      await ensureGas(tagger)
      await refuseStaleNonce(tagger)
      const bought = await tagger.purchase(dataset, { offerId: offer.id, maxPrice: offer.price })
      setStep('deliver')
      await tagger.waitForDelivery(bought.licenseId)
      return bought
    },
    onSuccess: async () => {
      for (const key of ['licenses', 'dataset', 'balance'])
        await queryClient.invalidateQueries({ queryKey: [key] })
    },
  })
  if (buy.isSuccess) {
    return (
      <Notice tone="good" title={t.market.bought}>
        <span>
          {t.state.transaction} <Hash value={buy.data.transaction} isTransaction />
        </span>
        <div>
          <Button component={Link} to="/licenses" size="xs" mt={6}>
            {t.market.open}
          </Button>
        </div>
      </Notice>
    )
  }
  return (
    <div className={styles.stack}>
      <Button loading={buy.isPending} onClick={() => buy.mutate()}>
        {t.market.buy}: {formatAmount(offer.price, offer.token)}
      </Button>
      {buy.isPending && <Notice>{t.market.buying[step]}</Notice>}
      <ErrorNotice error={buy.error} />
    </div>
  )
}
