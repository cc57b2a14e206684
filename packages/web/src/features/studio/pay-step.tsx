import { NumberInput, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { formatAmount, formatDuration, fromDecimal, payPerHour } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import { CostPanel } from './cost-panel.tsx'
import { StepNav } from './step-nav.tsx'
import styles from './studio.module.css'
import type { WizardState } from './wizard.ts'
import type { StepProps } from './wizard-page.tsx'

const PRESETS: readonly { id: 'quick' | 'balanced' | 'sure'; part: Partial<WizardState> }[] = [
  { id: 'quick', part: { min: 1, max: 3, target: 800_000, reviews: 0 } },
  { id: 'balanced', part: { min: 2, max: 5, target: 900_000, reviews: 0 } },
  { id: 'sure', part: { min: 3, max: 7, target: 970_000, reviews: 1 } },
]
const LICENSES = ['CC-BY-4.0', 'CC0-1.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'Commercial']

/** Quality and pay, with what they cost beside them. */
export function PayStep({ state, change, back, next, items }: StepProps & { items: number }) {
  const network = useQuery(networkQuery()).data
  const token = network?.tokens[0]
  const base = token === undefined ? null : fromDecimal(state.basePay, token.decimals)
  const isCollect = state.template?.kind === 'collect'
  const seconds = state.template?.secondsPerRecord ?? 6
  const hourly = base === null ? null : payPerHour(base, seconds)
  const p = t.studio.pay
  return (
    <div className={styles.form}>
      <h2>{p.title}</h2>
      <div className={styles.wide}>
        <div className={styles.form}>
          {!isCollect && (
            <>
              <fieldset className={styles.presets} aria-label={p.quality}>
                {PRESETS.map(({ id, part }) => (
                  <button
                    key={id}
                    type="button"
                    className={`card ${styles.preset}`}
                    aria-pressed={Object.entries(part).every(
                      ([key, value]) => state[key as keyof WizardState] === value,
                    )}
                    onClick={() => change(part)}
                  >
                    <strong>{p.presets[id].title}</strong>
                    <span>{p.presets[id].text}</span>
                  </button>
                ))}
              </fieldset>
              <div className={styles.fields}>
                <NumberInput
                  label={p.min}
                  min={1}
                  max={20}
                  value={state.min}
                  onChange={(value) => {
                    const min = Number(value) || 1
                    change({ min, max: Math.max(min, state.max) })
                  }}
                />
                <NumberInput
                  label={p.max}
                  min={state.min}
                  max={20}
                  value={state.max}
                  onChange={(value) => change({ max: Math.max(state.min, Number(value) || state.min) })}
                />
                <NumberInput
                  label={p.sure}
                  min={50}
                  max={99}
                  suffix="%"
                  value={Math.round(state.target / 10_000)}
                  onChange={(value) => change({ target: Math.min(99, Math.max(50, Number(value))) * 10_000 })}
                />
              </div>
            </>
          )}
          <div className={styles.fields}>
            <TextInput
              label={isCollect ? p.basePiece : p.base}
              description={
                hourly !== null && token !== undefined
                  ? p.baseHint(formatAmount(hourly, token), formatDuration(seconds))
                  : undefined
              }
              inputMode="decimal"
              rightSection={<span className="dim small">{token?.symbol}</span>}
              rightSectionWidth={64}
              error={token !== undefined && (base === null || base === 0n)}
              value={state.basePay}
              onChange={(event) => change({ basePay: event.currentTarget.value })}
            />
            <NumberInput
              label={t.studio.pay.reviews}
              description={p.reviewsHint}
              min={isCollect ? 1 : 0}
              max={5}
              value={state.reviews}
              onChange={(value) => change({ reviews: Number(value) || 0 })}
            />
          </div>
          <p className="dim small">{p.harder}</p>
          <div className={styles.fields}>
            <Select
              label={p.rights}
              allowDeselect={false}
              data={LICENSES}
              value={state.license}
              onChange={(license) => change({ license: license ?? 'CC-BY-4.0' })}
            />
            <NumberInput
              label={p.share}
              min={0}
              max={100}
              suffix="%"
              value={state.contributorsPercent}
              onChange={(value) => change({ contributorsPercent: Number(value) || 0 })}
            />
            <Select
              label={p.deadline}
              allowDeselect={false}
              data={[1, 7, 30, 90].map((days) => ({ value: String(days), label: p.days(days) }))}
              value={String(state.days)}
              onChange={(days) => change({ days: Number(days) })}
            />
          </div>
        </div>
        <CostPanel state={state} items={items} />
      </div>
      <StepNav onBack={back} onNext={next} isOff={base === null || base === 0n || token === undefined} />
    </div>
  )
}
