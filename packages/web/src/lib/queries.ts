import type { Endpoints, RequestOf, ResponseOf } from '@tagger/protocol/wire'
import { queryOptions } from '@tanstack/react-query'
import { api } from './api.ts'
import { readNetwork } from './network.ts'

export type Campaign = ResponseOf<Endpoints['getCampaign']>
export type CampaignSummary = ResponseOf<Endpoints['listCampaigns']>['data'][number]
export type Progress = ResponseOf<Endpoints['getProgress']>
export type Batch = ResponseOf<Endpoints['listBatches']>['data'][number]
export type Dataset = ResponseOf<Endpoints['getDataset']>
export type DatasetSummary = ResponseOf<Endpoints['listDatasets']>['data'][number]
export type Offer = Dataset['offers'][number]
export type License = ResponseOf<Endpoints['listLicenses']>['data'][number]
export type Earnings = ResponseOf<Endpoints['listOwnEarnings']>['data'][number]
export type OwnRecord = ResponseOf<Endpoints['listOwnRecords']>['data'][number]
export type DraftDocument = ResponseOf<Endpoints['listDrafts']>['data'][number]
export type Share = ResponseOf<Endpoints['listShares']>['data'][number]
export type Activity = ResponseOf<Endpoints['listActivity']>['data'][number]
export type Assignment = ResponseOf<Endpoints['createAssignments']>['data'][number]

export const networkQuery = () =>
  queryOptions({ queryKey: ['network'], queryFn: () => api.getNetwork(), refetchInterval: 15_000 })

export { readNetwork }

export const healthQuery = () =>
  queryOptions({
    queryKey: ['health'],
    queryFn: () => api.getHealth(),
    refetchInterval: 10_000,
    retry: false,
  })

export const activityQuery = (campaignId?: string) =>
  queryOptions({
    queryKey: ['activity', campaignId ?? null],
    queryFn: async () =>
      (await api.listActivity({ query: { campaignId: campaignId as never, limit: 30 } })).data,
  })

export const campaignsQuery = (query: RequestOf<Endpoints['listCampaigns']>['query']) =>
  queryOptions({
    queryKey: ['campaigns', query],
    queryFn: async () => (await api.listCampaigns({ query })).data,
    refetchInterval: 10_000,
  })

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaign', id],
    queryFn: () => api.getCampaign({ params: { id } }),
  })

export const progressQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaign', id, 'progress'],
    queryFn: () => api.getProgress({ params: { id } }),
    refetchInterval: 10_000,
  })

export const batchesQuery = (id: string) =>
  queryOptions({
    queryKey: ['campaign', id, 'batches'],
    queryFn: async () => (await api.listBatches({ params: { id } })).data,
    refetchInterval: 10_000,
  })

export const datasetsQuery = (query: RequestOf<Endpoints['listDatasets']>['query']) =>
  queryOptions({
    queryKey: ['datasets', query],
    queryFn: async () => (await api.listDatasets({ query })).data,
  })

export const datasetQuery = (id: string) =>
  queryOptions({ queryKey: ['dataset', id], queryFn: () => api.getDataset({ params: { id } }) })
