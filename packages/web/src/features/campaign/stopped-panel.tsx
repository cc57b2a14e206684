import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { StoppedNotice, StoppedOwnerNotice } from '../../components/stopped-notice.tsx'
import type { Campaign } from '../../lib/queries.ts'

/** What the escrow does for requester and workers when the operator of a campaign stopped. */
export function StoppedPanel({ campaign, tagger }: { campaign: Campaign; tagger: Tagger }) {
  const state = useQuery({
    queryKey: ['escrow', campaign.id, tagger.wallet?.account],
    refetchInterval: 30_000,
    queryFn: () => tagger.escrow.read(campaign.id),
  }).data
  if (state === undefined) return null
  const isOwner = campaign.requester === tagger.wallet?.account
  return (
    <>
      {isOwner && <StoppedOwnerNotice tagger={tagger} state={state} />}
      {state.receipt !== null && <StoppedNotice tagger={tagger} state={{ ...state, title: null }} />}
    </>
  )
}
