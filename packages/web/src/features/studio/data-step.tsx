import { Button, NumberInput, Select } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { DropZone } from '../../components/drop-zone.tsx'
import { Panel } from '../../components/page.tsx'
import { Table } from '../../components/parts.tsx'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import { sampleImages } from './sample-images.ts'
import { StepNav } from './step-nav.tsx'
import styles from './studio.module.css'
import { findGoldColumn, matchColumns, readFile } from './wizard.ts'
import type { StepProps } from './wizard-page.tsx'

/** The data: dropped, chosen or a sample; read here before anything is uploaded. */
export function DataStep(props: StepProps) {
  const { state, change, back, next } = props
  if (state.template?.kind === 'collect') return <CollectStep {...props} />
  const rows = state.files.reduce((sum, file) => sum + file.rows, 0)
  return (
    <div className={styles.form}>
      <h2>{t.studio.data.title}</h2>
      <Drop {...props} />
      {state.files.length > 0 && <Read {...props} />}
      <StepNav
        onBack={() => {
          change({ files: [] })
          back()
        }}
        onNext={next}
        isOff={rows === 0}
      />
    </div>
  )
}

function Drop({ state, change }: StepProps) {
  const isImage = state.template?.modality === 'image'
  const take = useMutation({
    mutationFn: async (files: readonly File[]) => {
      const read = await Promise.all((isImage ? files : files.slice(0, 1)).map(readFile))
      const columns = [...new Set(read.flatMap((file) => file.columns))]
      change({
        files: read,
        columns: matchColumns(state.template?.keys ?? [], columns),
        goldColumn: findGoldColumn(columns),
      })
    },
  })
  const takeSample = async () => {
    const text = state.template?.sample
    const files = text == null ? await sampleImages() : [new File([text], 'sample.csv', { type: 'text/csv' })]
    take.mutate(files)
  }
  return (
    <DropZone
      onFiles={(files) => take.mutate(files)}
      multiple={isImage}
      accept={isImage ? 'image/png,image/jpeg,image/webp,image/gif' : '.csv,.jsonl,.ndjson,.txt,text/csv'}
      label={t.studio.data.choose}
    >
      {(choose) => (
        <>
          <IconFileUpload size={30} stroke={1.4} aria-hidden />
          <strong>{isImage ? t.studio.data.dropImages : t.studio.data.drop}</strong>
          <span className="dim small">{isImage ? t.studio.data.kindsImages : t.studio.data.kinds}</span>
          <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap', justifyContent: 'center' }}>
            <Button variant="default" onClick={choose} loading={take.isPending}>
              {t.studio.data.choose}
            </Button>
            <Button variant="light" onClick={() => void takeSample()}>
              {isImage ? t.studio.data.sampleImages : t.studio.data.sample}
            </Button>
          </div>
          <ErrorNotice error={take.error} />
        </>
      )}
    </DropZone>
  )
}

function Read({ state, change }: StepProps) {
  const { files, template, columns, goldColumn } = state
  if (template?.modality === 'image') {
    return (
      <Panel title={t.studio.data.files(files.length)}>
        <div className={styles.thumbs}>
          {files.slice(0, 24).map(({ file, preview }) => (
            <img key={file.name} src={preview[0]?.image} alt={file.name} />
          ))}
        </div>
      </Panel>
    )
  }
  const [file] = files
  if (file === undefined) return null
  if (file.rows === 0) return <Notice tone="bad">{t.studio.data.none}</Notice>
  return (
    <>
      <Panel
        title={t.studio.data.preview}
        aside={<span className="small dim">{t.studio.data.rows(file.rows)}</span>}
        isFlush
      >
        <Table head={file.columns}>
          {file.preview.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a fixed preview; rows may repeat.
            <tr key={index}>
              {file.columns.map((column) => (
                <td key={column}>
                  <div className={styles.cell} dir="auto">
                    {row[column]}
                  </div>
                </td>
              ))}
            </tr>
          ))}
        </Table>
      </Panel>
      {file.bad.length > 0 && (
        <Notice
          tone="warn"
          title={t.studio.data.bad(file.bad.length)}
          hints={file.bad.map(({ row, message }) => t.studio.data.row(row, message))}
        />
      )}
      <div className={styles.fields}>
        {template?.keys.map((key) => (
          <Select
            key={key}
            label={t.studio.data.shown(key)}
            allowDeselect={false}
            data={[...file.columns]}
            value={columns[key] ?? null}
            onChange={(column) => column !== null && change({ columns: { ...columns, [key]: column } })}
          />
        ))}
        <Select
          label={t.studio.data.gold}
          description={t.studio.data.goldHint}
          placeholder={t.studio.data.goldNone}
          clearable
          data={file.columns.filter((column) => !Object.values(columns).includes(column))}
          value={goldColumn}
          onChange={(column) => change({ goldColumn: column })}
        />
      </div>
    </>
  )
}

function CollectStep({ state, change, back, next }: StepProps) {
  return (
    <div className={styles.form}>
      <h2>{t.studio.data.collectTitle}</h2>
      <Notice>{t.studio.data.rights}</Notice>
      <div className={styles.fields}>
        <NumberInput
          label={t.studio.data.howMany}
          min={1}
          max={100_000}
          value={state.pieces}
          onChange={(value) => change({ pieces: Number(value) || 1 })}
        />
        <NumberInput
          label={t.studio.data.mostEach}
          min={1}
          max={10_000}
          value={state.piecesEach}
          onChange={(value) => change({ piecesEach: Number(value) || 1 })}
        />
      </div>
      <StepNav onBack={back} onNext={next} />
    </div>
  )
}
