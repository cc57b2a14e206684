import { Panel } from '../../components/page.tsx'
import { formatAmounts } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Campaign } from '../../lib/queries.ts'
import styles from './campaign.module.css'

const LINES = ['funded', 'payoutsTotal', 'claimed', 'fees', 'reserved', 'refunded'] as const

/** Where the campaign's money is. */
export function MoneyPanel({ campaign }: { campaign: Campaign }) {
  const { money, token } = campaign
  const [available, ...amounts] = formatAmounts([money.available, ...LINES.map((line) => money[line])], token)
  return (
    <Panel title={t.campaign.money}>
      <dl className={styles.money}>
        {LINES.map((line, index) => (
          <div key={line}>
            <dt>{t.campaign.moneyNames[line]}</dt>
            <dd>{amounts[index]}</dd>
          </div>
        ))}
        <div className={styles.total}>
          <dt>{t.campaign.moneyNames.available}</dt>
          <dd>{available}</dd>
        </div>
      </dl>
    </Panel>
  )
}
