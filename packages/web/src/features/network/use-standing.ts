import { readDisputeCredit, type StakeState, type Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSession } from '../../lib/session.ts'
import { GOVERN } from './queries.ts'

/** What the reader has at stake, in the wallet and to collect, as the chain says now. */
export interface Standing {
  stake: StakeState
  /** TAG in the wallet. */
  balance: bigint
  votes: bigint
  isDelegated: boolean
  /** To collect: from slashes, and from bonds of disputes. */
  credits: { stake: bigint; disputes: bigint }
}

/** The reader's own standing, kept current. */
export function useStanding(tagger: Tagger) {
  const { account } = useSession()
  return useQuery({
    queryKey: [GOVERN, 'standing', account],
    enabled: account !== null,
    refetchInterval: 5_000,
    queryFn: async (): Promise<Standing> => {
      const self = account ?? '0x'
      const chain = await tagger.chain()
      const [stake, balance, votes, credit] = await Promise.all([
        tagger.stake.read(self),
        chain.balanceOf(chain.network.contracts.tagToken, self),
        tagger.proposals.votes(self),
        readDisputeCredit(chain, self),
      ])
      const isDelegated = votes === 0n && stake.staked > 0n
      return { stake, balance, votes, isDelegated, credits: { stake: stake.credit, disputes: credit } }
    },
  })
}
