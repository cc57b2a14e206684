import { Button } from '@mantine/core'
import { t } from '../../lib/messages.ts'
import styles from './studio.module.css'

/** Back and on. */
export function StepNav(props: {
  onBack: () => void
  onNext: () => void
  nextText?: string
  isOff?: boolean
  isBusy?: boolean
}) {
  return (
    <div className={styles.nav}>
      <Button variant="default" onClick={props.onBack}>
        {t.action.back}
      </Button>
      <Button disabled={props.isOff} loading={props.isBusy} onClick={props.onNext}>
        {props.nextText ?? t.action.next}
      </Button>
    </div>
  )
}
