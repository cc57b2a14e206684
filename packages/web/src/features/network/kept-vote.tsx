import { Button } from '@mantine/core'
import { backUpVote, type KeptVote, restoreVote, type Store, type VoteOf } from '@tagger/sdk'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { ErrorNotice } from '../../components/states.tsx'
import { shorten } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { saveFile } from '../../lib/save-file.ts'

/** Saves what it takes to reveal a vote as a file. */
export function SaveVote({ of, vote }: { of: VoteOf; vote: KeptVote }) {
  const [isSaved, setSaved] = useState(false)
  const save = () => {
    saveFile(
      new Blob([backUpVote(of, vote)], { type: 'application/json' }),
      `vote-${shorten(of.disputeId)}.json`,
    )
    setSaved(true)
  }
  return (
    <>
      <div>
        <Button size="xs" mt={6} variant="default" onClick={save}>
          {t.network.vote.save}
        </Button>
      </div>
      {isSaved && <span>{t.network.vote.saved}</span>}
    </>
  )
}

/** Brings a saved vote back into this browser. */
export function RestoreVote({ store, of, onDone }: { store: Store; of: VoteOf; onDone: () => unknown }) {
  const input = useRef<HTMLInputElement>(null)
  const restore = useMutation({
    mutationFn: async (file: File) => await restoreVote(store, of, await file.text()),
    onSuccess: onDone,
  })
  return (
    <>
      <input
        ref={input}
        type="file"
        accept=".json"
        hidden
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          if (file !== undefined) restore.mutate(file)
          currentTarget.value = ''
        }}
      />
      <div>
        <Button size="xs" mt={6} variant="default" onClick={() => input.current?.click()}>
          {t.network.vote.restore}
        </Button>
      </div>
      <ErrorNotice error={restore.error} />
    </>
  )
}
