import { Button, FileButton } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Panel } from '../../components/page.tsx'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import type { Earnings } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { saveFile } from '../../lib/save-file.ts'
import { useSession } from '../../lib/session.ts'
import styles from './earnings.module.css'

/** The receipts this browser keeps, to be taken to where this node is not needed. */
export function ReceiptPanel({ tagger, entries }: { tagger: Tagger; entries: readonly Earnings[] }) {
  const { account } = useSession()
  const { receipts } = t.escrow
  const due = entries.filter(({ claimable }) => claimable > 0n)
  const kept = useQuery({
    queryKey: ['receipts', account, due.map(({ claimable }) => String(claimable)).join()],
    enabled: account !== null,
    placeholderData: (before) => before,
    queryFn: async () => {
      // A final batch pays only who shows its proof, which may be gone when the node is.
      await tagger.escrow.keepClaims(due.map(({ campaignId }) => campaignId))
      return await tagger.escrow.kept()
    },
  })
  const save = useMutation({
    mutationFn: async () => {
      saveFile(new Blob([await tagger.escrow.save()], { type: 'application/json' }), 'tagger-receipts.json')
    },
  })
  const open = useMutation({
    mutationFn: async (file: File) => await tagger.escrow.open(await file.text()),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ['receipts'] })
      await queryClient.invalidateQueries({ queryKey: ['stopped'] })
    },
  })
  const count = kept.data?.length ?? 0
  return (
    <Panel title={receipts.title}>
      <div className={styles.stack}>
        {kept.data !== undefined && (
          <p className="dim small">{count === 0 ? receipts.none : receipts.text(count)}</p>
        )}
        <div className={styles.row}>
          <Button
            size="xs"
            variant="default"
            disabled={count === 0}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {receipts.save}
          </Button>
          <FileButton accept="application/json" onChange={(file) => file !== null && open.mutate(file)}>
            {(props) => (
              <Button {...props} size="xs" variant="default" loading={open.isPending}>
                {receipts.open}
              </Button>
            )}
          </FileButton>
        </div>
        {open.data !== undefined && <Notice tone="good">{receipts.opened(open.data)}</Notice>}
        <ErrorNotice error={save.error ?? open.error ?? kept.error} />
      </div>
    </Panel>
  )
}
