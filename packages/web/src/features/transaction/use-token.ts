import { useQuery } from '@tanstack/react-query'
import type { Token } from '../../lib/format.ts'
import { campaignQuery, networkQuery } from '../../lib/queries.ts'
import { moneyOf, type Value } from './meaning.ts'

/** The token that the amounts of a call or an event of `contract` are in, null while or where nothing tells it. */
export function useToken(values: readonly Value[], contract: string | null): Token | null {
  const network = useQuery(networkQuery()).data
  const known = (at: string | null) => network?.tokens.find(({ address }) => address === at) ?? null
  const { token, campaignId } = moneyOf(values)
  const own = known(contract) ?? known(token)
  const campaign = useQuery({
    ...campaignQuery(campaignId ?? ''),
    enabled: token === null && campaignId !== null,
  }).data
  return own ?? campaign?.token ?? null
}
