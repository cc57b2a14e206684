import { Panel } from '../../components/page.tsx'
import { Sums } from '../../components/sums.tsx'
import { t } from '../../lib/messages.ts'
import type { Campaign } from '../../lib/queries.ts'

const LINES = ['funded', 'payoutsTotal', 'claimed', 'fees', 'reserved', 'refunded'] as const

/** Where the campaign's money is. */
export function MoneyPanel({ campaign }: { campaign: Campaign }) {
  const { money, token } = campaign
  const names = t.campaign.moneyNames
  return (
    <Panel title={t.campaign.money}>
      <Sums
        token={token}
        lines={LINES.map((line) => [names[line], money[line]])}
        total={[names.available, money.available]}
      />
    </Panel>
  )
}
