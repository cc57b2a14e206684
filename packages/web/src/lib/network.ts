import type { NetworkDocument } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { api } from './api.ts'
import { queryClient } from './query-client.ts'

/** What the node says of itself and its network. */
export type Network = z.output<typeof NetworkDocument>

/** The network, from the cache once it was read. */
export async function readNetwork(): Promise<Network> {
  return await queryClient.ensureQueryData({ queryKey: ['network'], queryFn: () => api.getNetwork() })
}
