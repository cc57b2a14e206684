import type { Tagger } from '@tagger/sdk'
import { useParams } from '@tanstack/react-router'
import { Failed, Waiting } from '../../components/states.tsx'
import { useWorker } from '../../lib/outbox.ts'
import { ReviewScreen } from './review-screen.tsx'
import { WorkGate } from './work-page.tsx'

/** Checking answers or submissions of one campaign. */
export function ReviewPage() {
  const { campaignId } = useParams({ strict: false }) as { campaignId: string }
  return <WorkGate>{(tagger) => <Opened tagger={tagger} campaignId={campaignId} />}</WorkGate>
}

function Opened({ tagger, campaignId }: { tagger: Tagger; campaignId: string }) {
  const opened = useWorker(tagger, campaignId)
  if (opened.data !== undefined) return <ReviewScreen worker={opened.data.worker} />
  if (opened.isError) return <Failed error={opened.error} onRetry={() => void opened.refetch()} />
  return <Waiting lines={5} height={28} />
}
