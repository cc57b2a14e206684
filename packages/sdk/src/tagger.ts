import type { Hex } from '@tagger/protocol'
import type { TransactionReceipt } from 'viem'
import {
  disputeDelivery,
  download,
  type LicenseDocument,
  releaseLicense,
  renewLicense,
  waitForDelivery,
} from './buyer/delivery.ts'
import { type Purchase, purchase } from './buyer/purchase.ts'
import { freeSeat, type LicenseTerms, readLicenseTerms, takeSeat } from './buyer/terms.ts'
import type { Chain } from './chain/chain.ts'
import { type Claims, createClaims } from './claims.ts'
import { connect, type TaggerOptions } from './connection.ts'
import { createEscrow, type Escrow } from './escrow/escrow.ts'
import { createDisputes, type Disputes } from './govern/disputes.ts'
import { createProposals, type Proposals } from './govern/proposals.ts'
import { createStake, type Stake } from './govern/stake.ts'
import type { Api } from './http/api.ts'
import type { Wallet } from './identity/wallet.ts'
import type { Network } from './network.ts'
import { addVersion, type VersionOptions } from './requester/add-version.ts'
import { type Campaign, campaignHandle } from './requester/campaign.ts'
import { type CampaignInput, createCampaign, openAccepted } from './requester/create.ts'
import { type Acceptance, createDraft, type Draft } from './requester/draft.ts'
import type { DatasetDocument } from './requester/publish.ts'
import type { SpecInput } from './requester/spec.ts'
import type { Store } from './store.ts'
import { storedPending } from './work/pending.ts'
import { openWorker, type Worker, type WorkerOptions } from './work/worker.ts'

/** A client of one Tagger node and of the contracts it works with, for one account. */
export interface Tagger {
  url: string
  /** Null for a client that only reads. */
  wallet: Wallet | null
  /** Every endpoint of the node by name. */
  api: Api
  store: Store
  network(): Promise<Network>
  chain(): Promise<Chain>
  /** Logs in now instead of at the first call that needs it. */
  login(): Promise<void>
  logout(): Promise<void>
  /** Draft, upload, acceptance and deposit in one go. */
  createCampaign(input: CampaignInput): Promise<Campaign>
  /** The same step by step, for a screen that shows the cost before the wallet asks. */
  createDraft(spec: SpecInput): Promise<Draft>
  openCampaign(accepted: Acceptance, options?: Pick<CampaignInput, 'deposit' | 'onStep'>): Promise<Campaign>
  campaign(id: Hex): Campaign
  /** Starts or continues this account's work in a campaign. */
  work(campaignId: Hex, options?: WorkerOptions): Promise<Worker>
  claims: Claims
  /** What the chain alone does for this account when the operator of a campaign does not. */
  escrow: Escrow
  /** This account's TAG at stake. */
  stake: Stake
  /** Challenges of batches and votes on them. */
  disputes: Disputes
  /** Proposals to the governor, and votes on them. */
  proposals: Proposals
  /** A license of exactly this dataset: refused when its passport has a newer version by then. */
  purchase(
    dataset: Pick<DatasetDocument, 'title' | 'offers' | 'minted'>,
    options?: { offerId?: Hex; maxPrice?: bigint },
  ): Promise<Purchase>
  waitForDelivery(licenseId: bigint, seconds?: number): Promise<LicenseDocument>
  /** Decrypted and checked against the passport. */
  download(licenseId: bigint): ReturnType<typeof download>
  /** Has the price released at once; without it, it is when the time to look is over. */
  releaseLicense(licenseId: bigint): Promise<TransactionReceipt>
  /** Prolongs a license by its offer's duration, once if nothing else is said. */
  renewLicense(licenseId: bigint, periods?: number): Promise<TransactionReceipt>
  /** When a license ends, what a renewal costs, who has its seats: as the contract has it. */
  licenseTerms(licenseId: bigint): Promise<LicenseTerms>
  /** Lets another account use a license of this one, or no longer. */
  takeSeat(licenseId: bigint, account: string): Promise<TransactionReceipt>
  freeSeat(licenseId: bigint, account: string): Promise<TransactionReceipt>
  /** Gets the price back for a wrong key, by publishing the one-time secret of the purchase. */
  disputeDelivery(licenseId: bigint): Promise<TransactionReceipt>
  /** Adds the campaign's newer final results to a dataset's passport as its next version. */
  addVersion(dataset: DatasetDocument, options?: VersionOptions): Promise<DatasetDocument>
}

/**
 * Connects to a node. Nothing is sent before the first call.
 * @example
 * const tagger = createTagger({ url: 'http://127.0.0.1:4747', wallet: privateKeyToAccount(key) })
 * const campaign = await tagger.createCampaign({
 *   spec: { title: 'Mood of posts', question: 'How does it sound?', labels: ['good', 'bad'] },
 *   items: ['To the moon!', 'I want my money back.'],
 *   basePay: 20_000n,
 * })
 * for await (const result of campaign.results({ follow: true })) console.log(result.data.text, result.label)
 */
export function createTagger(options: TaggerOptions): Tagger {
  const link = connect(options)
  const pendingDefault = options.store === undefined ? null : storedPending(options.store)
  return {
    url: link.url,
    wallet: link.wallet,
    api: link.api,
    store: link.store,
    network: link.network,
    chain: link.chain,
    async login() {
      await link.api.listSessionKeys()
    },
    async logout() {
      await link.api.deleteLogin()
      await link.forgetLogin()
    },
    createCampaign: (input) => createCampaign(link, input),
    createDraft: (spec) => createDraft(link, spec),
    openCampaign: (accepted, more) => openAccepted(link, accepted, more),
    campaign: (id) => campaignHandle(link, id),
    work: (campaignId, more = {}) => openWorker(link, campaignId, { ...more, pendingDefault }),
    claims: createClaims(link),
    escrow: createEscrow(link),
    stake: createStake(link),
    disputes: createDisputes(link),
    proposals: createProposals(link),
    purchase: (dataset, more) => purchase(link, dataset, more),
    waitForDelivery: (licenseId, seconds) => waitForDelivery(link, licenseId, seconds),
    download: (licenseId) => download(link, licenseId),
    releaseLicense: (licenseId) => releaseLicense(link, licenseId),
    renewLicense: (licenseId, periods) => renewLicense(link, licenseId, periods),
    licenseTerms: (licenseId) => readLicenseTerms(link, licenseId),
    takeSeat: (licenseId, account) => takeSeat(link, licenseId, account),
    freeSeat: (licenseId, account) => freeSeat(link, licenseId, account),
    disputeDelivery: (licenseId) => disputeDelivery(link, licenseId),
    addVersion: (dataset, more) => addVersion(link, dataset, more),
  }
}
