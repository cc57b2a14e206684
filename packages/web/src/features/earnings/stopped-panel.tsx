import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { StoppedNotice } from '../../components/stopped-notice.tsx'
import { useSession } from '../../lib/session.ts'

/** Campaigns this account worked in whose operator stopped. Asks the chain, so it needs no node that knows them. */
export function StoppedPanel({ tagger }: { tagger: Tagger }) {
  const { account } = useSession()
  const stopped = useQuery({
    queryKey: ['stopped', account],
    enabled: account !== null,
    refetchInterval: 30_000,
    queryFn: () => tagger.escrow.stopped(),
  })
  return (stopped.data ?? []).map((state) => (
    <StoppedNotice key={state.facts.campaignId} tagger={tagger} state={state} />
  ))
}
