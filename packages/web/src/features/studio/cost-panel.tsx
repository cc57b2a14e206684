import { costOf, type Spec } from '@tagger/protocol'
import { BASE_PER_FLOOR, completeSpec } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { Panel } from '../../components/page.tsx'
import { Sums } from '../../components/sums.tsx'
import { formatBps, formatDuration, formatShare, fromDecimal, type Token } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import { forecast } from './forecast.ts'
import styles from './studio.module.css'
import { specOf, type WizardState } from './wizard.ts'

const PEOPLE = 8

/** The lines of a cost: what the node will ask for, and what of it comes back. */
export function CostLines(props: {
  token: Token
  cost: { payMost: bigint; payLeast: bigint; operatorFee: bigint; protocolFee: bigint; deposit: bigint }
  fees: { operatorFeeBps: number; protocolFeeBps: number }
}) {
  const { token, cost, fees } = props
  return (
    <Sums
      token={token}
      lines={[
        [t.studio.cost.least, cost.payLeast],
        [t.studio.cost.most, cost.payMost],
        [t.studio.cost.operator(formatBps(fees.operatorFeeBps)), cost.operatorFee],
        [t.studio.cost.protocol(formatBps(fees.protocolFeeBps)), cost.protocolFee],
      ]}
      total={[t.studio.cost.deposit, cost.deposit]}
    />
  )
}

/** Cost and forecast as the form stands, computed here by the same rules as everywhere. */
export function CostPanel({ state, items }: { state: WizardState; items: number }) {
  const network = useQuery(networkQuery()).data
  const token = network?.tokens[0]
  const basePay = token === undefined ? null : fromDecimal(state.basePay, token.decimals)
  if (network === undefined || token === undefined || basePay === null || state.template === null) return null
  const spec = completeSpec(specOf(state)) as Spec
  const cost = costOf({ spec, items, basePay, floorPay: basePay / BASE_PER_FLOOR, ...network.fees })
  const isCollect = state.template.kind === 'collect'
  const expected = forecast({
    items,
    min: isCollect ? 1 : state.min,
    max: isCollect ? 1 : state.max,
    people: PEOPLE,
    secondsPerRecord: state.template.secondsPerRecord,
    windowSeconds: network.challengeWindowSeconds,
  })
  return (
    <Panel title={t.studio.cost.title}>
      <div className={styles.form}>
        <CostLines token={token} cost={cost} fees={network.fees} />
        <p className="dim small">{t.studio.cost.back}</p>
        <div className="small">
          <div>{t.studio.cost.forecast(formatDuration(expected.seconds), PEOPLE)}</div>
          {!isCollect && <div>{t.studio.cost.quality(formatShare(expected.quality))}</div>}
        </div>
      </div>
    </Panel>
  )
}
