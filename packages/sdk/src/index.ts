export type { LicenseDocument } from './buyer/delivery.ts'
export { createOneTimeKey, type OneTimeKey } from './buyer/one-time-key.ts'
export type { Purchase } from './buyer/purchase.ts'
export type { LicenseTerms } from './buyer/terms.ts'
export { type Chain, createChain } from './chain/chain.ts'
export { chainOf } from './chain/clients.ts'
export { readCampaignLogs, readChainFacts } from './chain/facts.ts'
export { allow, NO_PERMIT, type Permit } from './chain/permit.ts'
export { explainChainError } from './chain/revert.ts'
export { onChainHeader, onChainTerms, versionHash } from './chain/structs.ts'
export type { Claims } from './claims.ts'
export type { TaggerOptions } from './connection.ts'
export type { Escrow, EscrowState, KeptWork } from './escrow/escrow.ts'
export type { Contest, EscrowFacts, PendingBatch } from './escrow/facts.ts'
export type { Held } from './escrow/pending.ts'
export {
  checkUntil,
  dueFor,
  isSilent,
  registerUntil,
  type Step,
  type Steps,
  silentFrom,
  stepsFor,
  unansweredOf,
  type Wait,
} from './escrow/steps.ts'
export type { BallotState, DisputeState, Disputes, Outcome } from './govern/disputes.ts'
export {
  type BatchSituation,
  batchDuty,
  type DisputeSituation,
  type Duty,
  disputeDuty,
  type Finding,
  hasWon,
  type Policy,
} from './govern/duty.ts'
export {
  backUpVote,
  commitmentOf,
  type KeptVote,
  readKeptVotes,
  restoreVote,
  type VoteOf,
} from './govern/kept-votes.ts'
export type { Choice, Proposals, Proposed } from './govern/proposals.ts'
export type { Stake, StakeState } from './govern/stake.ts'
export { readDisputeCredit, readVoteWeight } from './govern/standing.ts'
export { createWatch, type ProposedBatch, type Watch, type WatchedDispute } from './govern/watch.ts'
export { type Api, createApi } from './http/api.ts'
export { isTemporary } from './http/problem.ts'
export type { Authorization, Connection, Upload } from './http/send.ts'
export {
  browserSessionKeys,
  memorySessionKeys,
  type SessionKeys,
  type StoredKey,
} from './identity/session-keys.ts'
export {
  generateSessionKeyPair,
  importSessionKeyPair,
  type SessionSigner,
  webCryptoSigner,
} from './identity/session-signer.ts'
export { createWallet, type Wallet, type WalletInput } from './identity/wallet.ts'
export { type ChainNetwork, deploymentOf, type Network, type Token, tokenOf } from './network.ts'
export type { VersionOptions } from './requester/add-version.ts'
export type { Campaign } from './requester/campaign.ts'
export type { CampaignInput, ItemInput } from './requester/create.ts'
export {
  type Acceptance,
  BASE_PER_FLOOR,
  type Draft,
  type ItemFile,
  type PayInput,
  type UploadReport,
} from './requester/draft.ts'
export type { DatasetDocument, PublishInput } from './requester/publish.ts'
export type { CampaignResult, ResultOptions } from './requester/results.ts'
export { type ChoiceQuestion, choicesConfig, completeSpec, type SpecInput } from './requester/spec.ts'
export { browserStore, localStorageStore, memoryStore, type Store } from './store.ts'
export { createTagger, type Tagger } from './tagger.ts'
export { listReceipts, openReceipts, readCampaignKept, readReceipt, saveReceipts } from './work/kept.ts'
export type { OutboxState } from './work/outbox.ts'
export type { ChainEvidence } from './work/own-chain.ts'
export { memoryPending, type PendingRecord, type PendingStore, storedPending } from './work/pending.ts'
export type { Assignment, ReviewInput, Task, Times, Worker, WorkerOptions } from './work/worker.ts'
