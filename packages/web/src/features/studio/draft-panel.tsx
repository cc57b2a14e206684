import { Button, Modal } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Panel } from '../../components/page.tsx'
import { Ago } from '../../components/parts.tsx'
import { ErrorNotice } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import type { DraftDocument } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { useSession } from '../../lib/session.ts'
import styles from './studio.module.css'

const PAGE = 20

/** What was begun and never opened; nothing to see for those who have none. */
export function DraftPanel({ tagger }: { tagger: Tagger }) {
  const { account } = useSession()
  const [doomed, setDoomed] = useState<DraftDocument | null>(null)
  const drafts = useInfiniteQuery({
    queryKey: ['drafts', account],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) => tagger.api.listDrafts({ query: { cursor: pageParam, limit: PAGE } }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
  const all = drafts.data?.pages.flatMap(({ data }) => data) ?? []
  if (all.length === 0) return null
  return (
    <Panel title={t.studio.drafts.title} isFlush>
      {all.map((draft) => (
        <div key={draft.id} className={styles.draft}>
          <span>
            <strong>{titleOf(draft)}</strong>
            <br />
            <span className="dim small">
              {t.studio.drafts.items(draft.items)} · <Ago time={draft.createdAt} />
            </span>
          </span>
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={t.studio.drafts.removeNamed(titleOf(draft))}
            onClick={() => setDoomed(draft)}
          >
            {t.studio.drafts.remove}
          </Button>
        </div>
      ))}
      {drafts.hasNextPage && (
        <div className={styles.more}>
          <Button
            variant="default"
            size="xs"
            loading={drafts.isFetchingNextPage}
            onClick={() => void drafts.fetchNextPage()}
          >
            {t.action.more}
          </Button>
        </div>
      )}
      <Modal
        opened={doomed !== null}
        onClose={() => setDoomed(null)}
        title={<strong>{t.studio.drafts.removeTitle}</strong>}
      >
        {doomed !== null && <Removal draft={doomed} tagger={tagger} onDone={() => setDoomed(null)} />}
      </Modal>
    </Panel>
  )
}

function Removal({ draft, tagger, onDone }: { draft: DraftDocument; tagger: Tagger; onDone: () => void }) {
  const removing = useMutation({
    mutationFn: () => tagger.api.deleteDraft({ params: { id: draft.id } }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['drafts'] })
      onDone()
    },
  })
  return (
    <div className={styles.form}>
      <p className="dim">{t.studio.drafts.removeText(titleOf(draft), t.studio.drafts.items(draft.items))}</p>
      <ErrorNotice error={removing.error} />
      <div className={styles.choice}>
        <Button variant="default" onClick={onDone}>
          {t.studio.drafts.keep}
        </Button>
        <Button color="red" loading={removing.isPending} onClick={() => removing.mutate()}>
          {t.studio.drafts.remove}
        </Button>
      </div>
    </div>
  )
}

function titleOf({ spec }: DraftDocument): string {
  return typeof spec.title === 'string' && spec.title !== '' ? spec.title : t.studio.drafts.untitled
}
