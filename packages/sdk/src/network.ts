import { type Deployment, TaggerError } from '@tagger/protocol'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'

/** What a node says about itself and its chain. */
export type Network = ResponseOf<Endpoints['getNetwork']>
/** What of it the chain side of a client needs. */
export type ChainNetwork = Pick<Network, 'name' | 'chainId' | 'rpcUrl' | 'isLocal' | 'contracts' | 'tokens'>
/** A token as people read it. */
export type Token = Network['tokens'][number]

/** What signatures on this network are bound to. */
export function deploymentOf(network: Pick<Network, 'chainId' | 'contracts'>): Deployment {
  return { chainId: network.chainId, campaigns: network.contracts.campaigns }
}

/** A token of the network by symbol or address; the first one listed when none is named. */
export function tokenOf(network: Pick<Network, 'tokens'>, name?: string): Token {
  const wanted = name?.toLowerCase()
  const token = network.tokens.find(
    ({ address, symbol }) => wanted === undefined || address === wanted || symbol.toLowerCase() === wanted,
  )
  if (token === undefined) {
    throw new TaggerError('not-found', `This network has no token "${name}"`, {
      hints: [`Known here: ${network.tokens.map(({ symbol }) => symbol).join(', ')}.`],
    })
  }
  return token
}
