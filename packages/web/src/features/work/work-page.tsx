import type { Tagger } from '@tagger/sdk'
import { useParams } from '@tanstack/react-router'
import { AccountGate } from '../../components/account-gate.tsx'
import { Page } from '../../components/page.tsx'
import { Failed, Waiting } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import { useWorker } from '../../lib/outbox.ts'
import { AnnotateScreen } from './annotate-screen.tsx'

/** Answering tasks of one campaign. */
export function WorkPage() {
  const { campaignId } = useParams({ strict: false }) as { campaignId: string }
  return <WorkGate>{(tagger) => <Opened tagger={tagger} campaignId={campaignId} />}</WorkGate>
}

/** The way to a task: wallet, login, this device's key. */
export function WorkGate({ children }: { children: (tagger: Tagger) => React.ReactNode }) {
  return (
    <AccountGate why={t.work.gate} withDevice>
      {children}
    </AccountGate>
  )
}

function Opened({ tagger, campaignId }: { tagger: Tagger; campaignId: string }) {
  const opened = useWorker(tagger, campaignId)
  if (opened.data !== undefined) return <AnnotateScreen worker={opened.data.worker} />
  if (opened.isError) return <Failed error={opened.error} onRetry={() => void opened.refetch()} />
  return (
    <Page isNarrow>
      <Waiting lines={5} height={28} />
    </Page>
  )
}
