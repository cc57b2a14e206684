import type { Hex } from '@tagger/protocol'
import { commitmentOf, readKeptVotes, type Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '../../lib/session.ts'
import { GOVERN } from './queries.ts'

/** The reader's committed vote in a dispute, if this browser keeps what it takes to reveal it. */
export function useKeptVote(tagger: Tagger, disputeId: Hex) {
  const { account } = useSession()
  return useQuery({
    queryKey: [GOVERN, 'kept-vote', disputeId, account],
    enabled: account !== null,
    queryFn: async () => {
      const of = { disputeId, account: account ?? '0x' } as const
      const { commitment } = await tagger.disputes.ballot(disputeId)
      const kept = await readKeptVotes(tagger.store, of)
      return { vote: kept.find((vote) => commitmentOf(of, vote) === commitment) ?? null }
    },
  })
}
