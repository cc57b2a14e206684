import { Button, Textarea, TextInput } from '@mantine/core'
import { parseLabelingConfig } from '@tagger/protocol'
import type { Draft, Tagger, UploadReport } from '@tagger/sdk'
import { useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { TaskView } from '../../components/task/task-view.tsx'
import { describeError } from '../../lib/errors.ts'
import { t } from '../../lib/messages.ts'
import { StepNav } from './step-nav.tsx'
import styles from './studio.module.css'
import { configOf, labelsOf, mediaTypeOf, specOf } from './wizard.ts'
import type { StepProps } from './wizard-page.tsx'

const REPORTED = 12

/** The question with the work screen beside it, then the upload with its report. */
export function QuestionStep(
  props: StepProps & { tagger: Tagger; onUploaded: (draft: Draft, items: number) => void },
) {
  const { state, change, back, tagger, onUploaded } = props
  const [report, setReport] = useState<{ draft: Draft; reports: readonly UploadReport[] } | null>(null)
  const isCollect = state.template?.kind === 'collect'
  const parsed = useMemo(() => parse(configOf(state)), [state])
  const isShort = !isCollect && state.xml === null && labelsOf(state).length < 2
  const problem =
    state.title.trim() === '' ? t.studio.question.noTitle : isShort ? t.studio.question.tooFew : null
  const upload = useMutation({
    mutationFn: async () => {
      const draft = await tagger.createDraft(specOf(state))
      const reports: UploadReport[] = []
      for (const { file } of isCollect ? [] : state.files) {
        const item = { name: file.name, bytes: file, mediaType: mediaTypeOf(file) }
        reports.push(await draft.upload(item, { goldColumn: state.goldColumn ?? undefined }))
      }
      return { draft, reports }
    },
    onSuccess: (done) => {
      const count = isCollect ? state.pieces : (done.reports.at(-1)?.items ?? 0)
      if (done.reports.every(({ rejected }) => rejected.length === 0)) onUploaded(done.draft, count)
      else setReport(done)
    },
  })
  const set = (part: Partial<typeof state>) => {
    setReport(null)
    change(part)
  }
  return (
    <div className={styles.form}>
      <h2>{t.studio.question.title}</h2>
      <div className={styles.two}>
        <Form state={state} set={set} isCollect={isCollect} />
        {!isCollect && (
          <section className={styles.preview} aria-label={t.studio.question.preview}>
            <span className="dim small">{t.studio.question.preview}</span>
            {parsed.config === null ? (
              <Notice tone="bad">{parsed.message}</Notice>
            ) : (
              <TaskView config={parsed.config} data={state.files[0]?.preview[0] ?? {}} />
            )}
          </section>
        )}
      </div>
      {problem !== null && <Notice tone="warn">{problem}</Notice>}
      <ErrorNotice error={upload.error} />
      {report !== null && <Report reports={report.reports} />}
      {report === null ? (
        <StepNav
          onBack={back}
          onNext={() => upload.mutate()}
          isBusy={upload.isPending}
          isOff={problem !== null || (!isCollect && parsed.config === null)}
        />
      ) : (
        <StepNav
          onBack={back}
          nextText={t.studio.upload.goOn(report.reports.at(-1)?.items ?? 0)}
          isOff={(report.reports.at(-1)?.items ?? 0) === 0}
          onNext={() => onUploaded(report.draft, report.reports.at(-1)?.items ?? 0)}
        />
      )}
    </div>
  )
}

function Form(props: {
  state: StepProps['state']
  set: (part: Partial<StepProps['state']>) => void
  isCollect: boolean
}) {
  const { state, set, isCollect } = props
  const q = t.studio.question
  return (
    <div className={styles.form}>
      <TextInput
        label={q.name}
        maxLength={200}
        value={state.title}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
      {!isCollect &&
        (state.xml === null ? (
          <>
            <TextInput
              label={q.ask}
              value={state.question}
              onChange={(event) => set({ question: event.currentTarget.value })}
            />
            <Textarea
              label={q.labels}
              description={q.labelsHint}
              autosize
              minRows={3}
              value={state.labels}
              onChange={(event) => set({ labels: event.currentTarget.value })}
            />
          </>
        ) : (
          <Textarea
            label="XML"
            autosize
            minRows={8}
            styles={{ input: { fontFamily: 'var(--mono)', fontSize: 'var(--t-small)' } }}
            value={state.xml}
            onChange={(event) => set({ xml: event.currentTarget.value })}
          />
        ))}
      {!isCollect && (
        <div>
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => set({ xml: state.xml === null ? configOf(state) : null })}
          >
            {state.xml === null ? q.xml : q.xmlBack}
          </Button>
        </div>
      )}
      <Textarea
        label={q.instructions}
        description={isCollect ? q.instructionsCollect : q.instructionsHint}
        autosize
        minRows={4}
        maxLength={50_000}
        value={state.instructions}
        onChange={(event) => set({ instructions: event.currentTarget.value })}
      />
      <TextInput
        label={q.language}
        description={q.languageHint}
        value={state.languages}
        onChange={(event) => set({ languages: event.currentTarget.value })}
      />
    </div>
  )
}

function Report({ reports }: { reports: readonly UploadReport[] }) {
  const rejected = reports.flatMap((report) => report.rejected)
  const gold = reports.reduce((sum, report) => sum + report.gold, 0)
  return (
    <>
      <Notice tone="good" title={t.studio.upload.accepted(reports.at(-1)?.items ?? 0)}>
        {gold > 0 && t.studio.upload.gold(gold)}
      </Notice>
      <Notice
        tone="warn"
        title={t.studio.upload.rejected(rejected.length)}
        hints={rejected.slice(0, REPORTED).map(({ row, message }) => t.studio.data.row(row, message))}
      />
    </>
  )
}

function parse(xml: string) {
  try {
    return { config: parseLabelingConfig(xml), message: '' }
  } catch (error) {
    return { config: null, message: describeError(error).message }
  }
}
