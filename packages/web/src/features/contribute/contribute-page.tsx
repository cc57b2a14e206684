import type { Spec } from '@tagger/protocol'
import type { Tagger, Worker } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Navigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { AccountGate } from '../../components/account-gate.tsx'
import { Markdown } from '../../components/markdown.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { Chip, Facts, Pay } from '../../components/parts.tsx'
import { Empty, ErrorNotice, Failed, Loaded, Waiting } from '../../components/states.tsx'
import { describeError } from '../../lib/errors.ts'
import { formatBytes, formatCount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { useOutbox, useWorker } from '../../lib/outbox.ts'
import { paceOf } from '../../lib/pace.ts'
import { type Campaign, campaignQuery } from '../../lib/queries.ts'
import styles from './contribute.module.css'
import { type Piece, PieceForm } from './piece-form.tsx'

/** Sending data to a campaign that asks for it. */
export function ContributePage() {
  const { campaignId } = useParams({ strict: false }) as { campaignId: string }
  const campaign = useQuery(campaignQuery(campaignId))
  return (
    <Loaded
      query={campaign}
      waiting={
        <Page>
          <Waiting lines={6} height={32} />
        </Page>
      }
    >
      {(data) =>
        data.kind === 'annotate' ? (
          <Navigate to="/work/$campaignId" params={{ campaignId }} replace />
        ) : (
          <Page title={data.title} lead={t.contribute.after}>
            <div className={styles.grid}>
              {data.status === 'open' ? (
                <AccountGate why={t.contribute.gate} withDevice>
                  {(tagger) => <Opened tagger={tagger} campaign={data} />}
                </AccountGate>
              ) : (
                <Empty title={t.contribute.closedTitle} text={t.contribute.closed} />
              )}
              <Rules campaign={data} />
            </div>
          </Page>
        )
      }
    </Loaded>
  )
}

function Rules({ campaign }: { campaign: Campaign }) {
  const spec = campaign.spec as unknown as Spec
  return (
    <Panel title={t.contribute.rules}>
      <div className={styles.stack}>
        <Markdown text={spec.instructions} />
        <Facts
          entries={[
            [
              t.contribute.pay,
              <Pay
                key="pay"
                low={campaign.floorPay}
                high={campaign.topPay}
                expected={campaign.expectedPay}
                token={campaign.token}
                secondsPerRecord={paceOf(campaign)}
                isOver={campaign.status !== 'open'}
              />,
            ],
            ...(spec.intake === null
              ? []
              : ([
                  [
                    t.contribute.accepts,
                    `${spec.intake.mediaTypes.join(', ')}, ${t.contribute.limits(
                      formatBytes(spec.intake.maxBytes),
                      formatCount(spec.intake.maxPerContributor),
                    )}`,
                  ],
                ] as const)),
            [t.contribute.license, spec.rights.license],
          ]}
        />
      </div>
    </Panel>
  )
}

function Opened({ tagger, campaign }: { tagger: Tagger; campaign: Campaign }) {
  const opened = useWorker(tagger, campaign.id)
  if (opened.data !== undefined) return <Contribute worker={opened.data.worker} />
  if (opened.isError) return <Failed error={opened.error} onRetry={() => void opened.refetch()} />
  return <Waiting lines={5} />
}

interface Sent extends Piece {
  key: number
  item: string | null
  error: unknown
}

function Contribute({ worker }: { worker: Worker }) {
  const outbox = useOutbox(worker)
  const [sent, setSent] = useState<readonly Sent[]>([])
  const send = useMutation({
    mutationFn: async (pieces: readonly Piece[]) => {
      const startedAt = pieces[0]?.startedAt
      for (const piece of pieces) {
        const entry = { ...piece, item: null as string | null, error: null as unknown }
        try {
          entry.item = await worker.contribute(piece, { startedAt })
        } catch (error) {
          entry.error = error
        }
        setSent((before) => [{ ...entry, key: before.length }, ...before])
      }
    },
  })
  const waiting = new Set<string>(outbox.waiting.map(({ item }) => item))
  const refused = new Map<string, string>(
    outbox.refused.map(({ item, refused }) => [item, refused?.message ?? '']),
  )
  return (
    <div className={styles.stack}>
      <PieceForm spec={worker.spec} isBusy={send.isPending} onSend={(pieces) => send.mutateAsync(pieces)} />
      <ErrorNotice error={outbox.error} />
      <Panel title={t.contribute.sent} isFlush>
        {sent.length === 0 ? (
          <Empty title={t.contribute.sentEmpty} />
        ) : (
          sent.map((entry) => {
            const problem =
              entry.error === null ? refused.get(entry.item ?? '') : describeError(entry.error).message
            return (
              <div key={entry.key} className={styles.piece}>
                <span className={styles.name} dir="auto">
                  {entry.label}
                  {problem !== undefined && <div className="dim">{problem}</div>}
                </span>
                {problem !== undefined ? (
                  <Chip tone="bad">{t.contribute.failed}</Chip>
                ) : waiting.has(entry.item ?? '') ? (
                  <Chip tone="warn">{t.contribute.waiting}</Chip>
                ) : (
                  <Chip tone="good">{t.contribute.received}</Chip>
                )}
              </div>
            )
          })
        )}
      </Panel>
    </div>
  )
}
