import type { Draft, Tagger } from '@tagger/sdk'
import { useState } from 'react'
import { AccountGate } from '../../components/account-gate.tsx'
import { Page } from '../../components/page.tsx'
import { t } from '../../lib/messages.ts'
import { DataStep } from './data-step.tsx'
import { FundStep } from './fund-step.tsx'
import { PayStep } from './pay-step.tsx'
import { QuestionStep } from './question-step.tsx'
import styles from './studio.module.css'
import { TemplateStep } from './template-step.tsx'
import { fromTemplate, START, type WizardState } from './wizard.ts'

const STEPS = ['template', 'data', 'question', 'pay', 'fund'] as const
type Step = (typeof STEPS)[number]

/** What every step of the wizard gets. */
export interface StepProps {
  state: WizardState
  change: (part: Partial<WizardState>) => void
  back: () => void
  next: () => void
}

/** From a template to a funded campaign, the cost in sight before the wallet is asked. */
export function WizardPage() {
  return (
    <Page title={t.studio.newTitle}>
      <AccountGate why={t.studio.gate}>{(tagger) => <Wizard tagger={tagger} />}</AccountGate>
    </Page>
  )
}

function Wizard({ tagger }: { tagger: Tagger }) {
  const [step, setStep] = useState<Step>('template')
  const [state, setState] = useState<WizardState>(START)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [items, setItems] = useState(0)
  const index = STEPS.indexOf(step)
  const go = (to: number) => {
    setStep(STEPS[to] ?? 'template')
    window.scrollTo({ top: 0 })
  }
  const props: StepProps = {
    state,
    change: (part) => setState((before) => ({ ...before, ...part })),
    back: () => go(index - 1),
    next: () => go(index + 1),
  }
  return (
    <>
      <ol className={styles.steps}>
        {STEPS.map((name, at) => (
          <li
            key={name}
            className={at < index ? styles.isDone : undefined}
            aria-current={at === index ? 'step' : undefined}
          >
            <span>{t.studio.steps[name]}</span>
          </li>
        ))}
      </ol>
      {step === 'template' && (
        <TemplateStep
          onChoose={(template) => {
            setState(fromTemplate(template))
            setDraft(null)
            go(1)
          }}
        />
      )}
      {step === 'data' && <DataStep {...props} />}
      {step === 'question' && (
        <QuestionStep
          {...props}
          tagger={tagger}
          onUploaded={(made, count) => {
            setDraft(made)
            setItems(count)
            go(3)
          }}
        />
      )}
      {step === 'pay' && <PayStep {...props} items={items} />}
      {step === 'fund' && draft !== null && (
        <FundStep {...props} tagger={tagger} draft={draft} items={items} />
      )}
    </>
  )
}
