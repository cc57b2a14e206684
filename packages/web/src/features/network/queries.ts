import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
import { queryOptions } from '@tanstack/react-query'
import { api } from '../../lib/api.ts'

export type Dispute = ResponseOf<Endpoints['listDisputes']>['data'][number]
export type Vote = ResponseOf<Endpoints['getDispute']>['votes'][number]
export type PendingBatch = ResponseOf<Endpoints['listPendingBatches']>['data'][number]
export type Stake = ResponseOf<Endpoints['getStake']>
export type Proposal = ResponseOf<Endpoints['listProposals']>['data'][number]
export type Ballot = ResponseOf<Endpoints['getProposal']>['votes'][number]
export type Parameter = ResponseOf<Endpoints['listParameters']>['data'][number]

/** Everything of this page is under this key: what happens on the network makes all of it stale. */
export const GOVERN = 'govern'

const often = { refetchInterval: 4_000 } as const
const seldom = { refetchInterval: 15_000 } as const

export const pendingBatchesQuery = () =>
  queryOptions({
    queryKey: [GOVERN, 'batches'],
    queryFn: async () => (await api.listPendingBatches({ query: { limit: 100 } })).data,
    ...often,
  })

export const disputesQuery = (state: 'open' | 'ended') =>
  queryOptions({
    queryKey: [GOVERN, 'disputes', state],
    queryFn: async () => (await api.listDisputes({ query: { state, limit: 20 } })).data,
    ...often,
  })

export const disputeQuery = (id: string) =>
  queryOptions({
    queryKey: [GOVERN, 'dispute', id],
    queryFn: () => api.getDispute({ params: { id } }),
    ...often,
  })

export const stakesQuery = () =>
  queryOptions({
    queryKey: [GOVERN, 'stakes'],
    queryFn: async () => (await api.listStakes({ query: { limit: 100 } })).data,
    ...seldom,
  })

export const stakeQuery = (account: string) =>
  queryOptions({
    queryKey: [GOVERN, 'stake', account],
    queryFn: () => api.getStake({ params: { account } }),
    ...seldom,
  })

export const proposalsQuery = () =>
  queryOptions({
    queryKey: [GOVERN, 'proposals'],
    queryFn: async () => (await api.listProposals({ query: { limit: 50 } })).data,
    ...often,
  })

export const proposalQuery = (id: string) =>
  queryOptions({
    queryKey: [GOVERN, 'proposal', id],
    queryFn: () => api.getProposal({ params: { id } }),
    ...often,
  })

export const parametersQuery = () =>
  queryOptions({
    queryKey: [GOVERN, 'parameters'],
    queryFn: async () => (await api.listParameters()).data,
    ...seldom,
  })

/** The value of one of them, null while it is not known. */
export function numberOf(parameters: readonly Parameter[] | undefined, name: string): bigint | null {
  const value = parameters?.find((parameter) => parameter.name === name)?.value
  return value === undefined ? null : BigInt(value)
}
