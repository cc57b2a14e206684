import type { DisplayPart, LabelingConfig, Question } from '@tagger/protocol'
import { t } from '../../lib/messages.ts'
import { ImageView } from './image-view.tsx'
import styles from './task.module.css'

/** What is asked about, as the labeling config lays it out. */
export function TaskData({
  config,
  data,
}: {
  config: LabelingConfig
  data: Readonly<Record<string, string>>
}) {
  const shown = config.display.filter((part) => part.tag !== 'Header')
  return (
    <div className={styles.parts}>
      {shown.map((part) => (
        <Part key={`${part.tag} ${part.value}`} part={part} data={data} hasCaption={shown.length > 1} />
      ))}
    </div>
  )
}

function Part(props: { part: DisplayPart; data: Readonly<Record<string, string>>; hasCaption: boolean }) {
  const { part, data, hasCaption } = props
  const value = part.isLiteral ? part.value : (data[part.value] ?? '')
  if (part.tag === 'Image') return <ImageView key={value} source={value} alt={t.work.imageAlt} />
  return (
    <div className={styles.part}>
      {hasCaption && <span className={styles.caption}>{part.value.replaceAll('_', ' ')}</span>}
      <p className={styles.text} dir="auto">
        {value}
      </p>
    </div>
  )
}

/** What is asked: the config's headers, else the name of its question. */
export function questionText(config: LabelingConfig, data: Readonly<Record<string, string>>): string {
  const headers = config.display.filter((part) => part.tag === 'Header')
  if (headers.length === 0) return config.question.name
  return headers.map((part) => (part.isLiteral ? part.value : (data[part.value] ?? ''))).join(' ')
}

/** The answers to choose from, each with its key. */
export function Choices(props: {
  question: Pick<Question, 'choices'>
  legend: string
  chosen?: string | null
  isDisabled?: boolean
  onChoose?: (value: string) => void
}) {
  const { question, legend, chosen, isDisabled, onChoose } = props
  return (
    <fieldset className={styles.choices} aria-label={legend}>
      {question.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          disabled={isDisabled}
          aria-pressed={chosen === choice.value}
          aria-keyshortcuts={choice.hotkey}
          className={`${styles.choice} ${chosen === choice.value ? styles.chosen : ''}`}
          onClick={() => onChoose?.(choice.value)}
        >
          {choice.hotkey !== '' && (
            <kbd className={styles.key} aria-hidden>
              {choice.hotkey}
            </kbd>
          )}
          {choice.label}
        </button>
      ))}
    </fieldset>
  )
}

/** A whole task: data, question, choices. */
export function TaskView(props: {
  config: LabelingConfig
  data: Readonly<Record<string, string>>
  chosen?: string | null
  isDisabled?: boolean
  onChoose?: (value: string) => void
}) {
  const { config, data, ...choices } = props
  const question = questionText(config, data)
  return (
    <div className={styles.task}>
      <TaskData config={config} data={data} />
      <h2 className={styles.header}>{question}</h2>
      <Choices question={config.question} legend={question} {...choices} />
    </div>
  )
}
