import { useQuery } from '@tanstack/react-query'
import type { Token } from '../../lib/format.ts'
import { campaignQuery, networkQuery } from '../../lib/queries.ts'
import { moneyOf, type Value } from './meaning.ts'

/** The token that the amounts of a call or an event are in, null while or where nothing tells it. */
export function useToken(values: readonly Value[]): Token | null {
  const { token, campaignId } = moneyOf(values)
  const network = useQuery(networkQuery()).data
  const campaign = useQuery({
    ...campaignQuery(campaignId ?? ''),
    enabled: token === null && campaignId !== null,
  }).data
  if (token !== null) return network?.tokens.find(({ address }) => address === token) ?? null
  return campaign?.token ?? null
}
