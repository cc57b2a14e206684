import { Panel } from '../../components/page.tsx'
import { formatAmount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Campaign } from '../../lib/queries.ts'
import styles from './campaign.module.css'

const LINES = ['funded', 'payoutsTotal', 'claimed', 'fees', 'reserved', 'refunded'] as const

/** Where the campaign's money is. */
export function MoneyPanel({ campaign }: { campaign: Campaign }) {
  const { money, token } = campaign
  return (
    <Panel title={t.campaign.money}>
      <dl className={styles.money}>
        {LINES.map((line) => (
          <div key={line}>
            <dt>{t.campaign.moneyNames[line]}</dt>
            <dd>{formatAmount(money[line], token)}</dd>
          </div>
        ))}
        <div className={styles.total}>
          <dt>{t.campaign.moneyNames.available}</dt>
          <dd>{formatAmount(money.available, token)}</dd>
        </div>
      </dl>
    </Panel>
  )
}
