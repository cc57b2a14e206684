import { Button, Checkbox, Textarea } from '@mantine/core'
import { IconPhotoUp } from '@tabler/icons-react'
import type { Spec } from '@tagger/protocol'
import { useRef, useState } from 'react'
import { DropZone } from '../../components/drop-zone.tsx'
import { Panel } from '../../components/page.tsx'
import { Notice } from '../../components/states.tsx'
import { now } from '../../lib/clock.ts'
import { formatBytes } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import styles from './contribute.module.css'

/** One thing to send. */
export interface Piece {
  name: string
  label: string
  bytes: string | Blob
  mediaType: string
  startedAt: number
}

/** A text to write or images to choose, with the promise that they may be shared. */
export function PieceForm(props: {
  spec: Spec
  isBusy: boolean
  onSend: (pieces: readonly Piece[]) => Promise<unknown>
}) {
  const { spec, isBusy, onSend } = props
  const [text, setText] = useState('')
  const [isMine, setMine] = useState(false)
  const startedAt = useRef(Math.floor(now() / 1000))
  const most = spec.intake?.maxBytes ?? 0
  const isTooLong = new TextEncoder().encode(text).length > most
  const send = async (pieces: readonly Piece[]) => {
    await onSend(pieces)
    startedAt.current = Math.floor(now() / 1000)
    setText('')
  }
  const sendFiles = (files: readonly File[]) =>
    void send(
      files.map((file) => ({
        name: file.name,
        label: file.name,
        bytes: file,
        mediaType: file.type,
        startedAt: startedAt.current,
      })),
    )
  const promise = (
    <Checkbox
      checked={isMine}
      onChange={(event) => setMine(event.currentTarget.checked)}
      label={`${t.contribute.mine} (${spec.rights.license})`}
    />
  )
  if (spec.modality === 'text') {
    return (
      <Panel>
        <div className={styles.stack}>
          <Textarea
            label={t.contribute.textLabel}
            placeholder={t.contribute.textPlaceholder}
            autosize
            minRows={6}
            dir="auto"
            value={text}
            error={isTooLong ? t.contribute.tooLong(formatBytes(most)) : undefined}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {promise}
          <div>
            <Button
              loading={isBusy}
              disabled={!isMine || text.trim() === '' || isTooLong}
              onClick={() =>
                void send([
                  {
                    name: 'text.txt',
                    label: text.trim().slice(0, 80),
                    bytes: text.trim(),
                    mediaType: 'text/plain',
                    startedAt: startedAt.current,
                  },
                ])
              }
            >
              {t.contribute.send}
            </Button>
          </div>
        </div>
      </Panel>
    )
  }
  return (
    <Panel>
      <div className={styles.stack}>
        {promise}
        <DropZone
          onFiles={sendFiles}
          disabled={!isMine}
          multiple
          accept={spec.intake?.mediaTypes.join(',')}
          label={t.contribute.choose}
        >
          {(choose) => (
            <>
              <IconPhotoUp size={30} stroke={1.4} aria-hidden />
              <strong>{t.contribute.drop}</strong>
              <Button variant="default" disabled={!isMine} loading={isBusy} onClick={choose}>
                {t.contribute.choose}
              </Button>
            </>
          )}
        </DropZone>
        {isBusy && <Notice>{t.contribute.sending}</Notice>}
      </div>
    </Panel>
  )
}
