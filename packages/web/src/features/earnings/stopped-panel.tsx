import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { StoppedNotice } from '../../components/stopped-notice.tsx'
import type { Earnings } from '../../lib/queries.ts'
import { useSession } from '../../lib/session.ts'

/** Campaigns this account worked in whose operator stopped. Asks the chain, so it needs no node that knows them. */
export function StoppedPanel({ tagger, entries }: { tagger: Tagger; entries: readonly Earnings[] }) {
  const { account } = useSession()
  const stopped = useQuery({
    queryKey: ['stopped', account],
    enabled: account !== null,
    refetchInterval: 30_000,
    queryFn: () => tagger.escrow.stopped(),
  })
  return (stopped.data ?? []).map((state) => (
    <StoppedNotice
      key={state.facts.campaignId}
      tagger={tagger}
      state={state}
      isClaimFirst={entries.some(
        ({ campaignId, claimable }) => campaignId === state.facts.campaignId && claimable > 0n,
      )}
    />
  ))
}
