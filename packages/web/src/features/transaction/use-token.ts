import { useQuery } from '@tanstack/react-query'
import type { Token } from '../../lib/format.ts'
import { campaignQuery, networkQuery } from '../../lib/queries.ts'
import { moneyOf, tokenMoved, type Value } from './meaning.ts'

/**
 * The token that the amounts of a call or an event of `contract` are in, null while or where nothing tells it: neither
 * the call or event itself nor the rest of its transaction.
 */
export function useToken(
  values: readonly Value[],
  contract: string | null,
  transaction: Parameters<typeof tokenMoved>[0],
): Token | null {
  const network = useQuery(networkQuery()).data
  const known = (at: string | null) => network?.tokens.find(({ address }) => address === at) ?? null
  const { token, campaignId } = moneyOf(values)
  const own = known(contract) ?? known(token)
  const campaign = useQuery({
    ...campaignQuery(campaignId ?? ''),
    enabled: token === null && campaignId !== null,
  }).data
  if (own !== null) return own
  if (token === null && campaignId !== null) return campaign?.token ?? null
  return tokenMoved(transaction, network?.tokens ?? [])
}
