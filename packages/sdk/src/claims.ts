import { campaignsAbi, licensesAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import type { TransactionReceipt } from 'viem'
import { onChainClaims, onChainHeader, onChainPayouts } from './chain/structs.ts'
import type { Link } from './connection.ts'

/** Payees per transaction. */
const CLAIMS_PER_CALL = 50
const CLAIMS_PER_PAGE = 500
/** Pay and revenue shares, brought to the accounts they belong to. Anyone may submit them for anyone. */
export interface Claims {
  /** Pays one account up to the last final batch; null when nothing is due. */
  claim(campaignId: Hex, account?: Address): Promise<TransactionReceipt | null>
  /** Pays everyone of a campaign; one receipt per transaction. */
  claimMany(campaignId: Hex): Promise<TransactionReceipt[]>
  /** Pays an account its dataset revenue. */
  claimShares(account?: Address): Promise<TransactionReceipt[]>
  /** Pays an account what it sold (its balance in the licenses contract). */
  withdraw(token: Address, account?: Address): Promise<TransactionReceipt>
}

/** The claims of a client. */
export function createClaims(link: Link): Claims {
  const self = () => link.requireWallet().account
  return {
    async claim(campaignId, account = self()) {
      const due = await link.api.getClaim({ params: { id: campaignId, account } }).catch((error) => {
        if (error instanceof TaggerError && error.code === 'not-found') return null
        throw error
      })
      if (due === null || due.claimable === 0n) return null
      const chain = await link.chain()
      return await chain.write({
        what: 'Claiming the pay',
        address: chain.network.contracts.campaigns,
        abi: campaignsAbi,
        functionName: 'claim',
        args: [onChainPayouts(due.header), due.claim],
      })
    },
    async claimMany(campaignId) {
      const { header, due } = await allClaims(link, campaignId)
      if (header === null || due.length === 0) return []
      const chain = await link.chain()
      const receipts: TransactionReceipt[] = []
      for (let start = 0; start < due.length; start += CLAIMS_PER_CALL) {
        const part = due.slice(start, start + CLAIMS_PER_CALL)
        receipts.push(
          await chain.write({
            what: `Claiming for ${part.length} accounts`,
            address: chain.network.contracts.campaigns,
            abi: campaignsAbi,
            functionName: 'claimMany',
            args: [onChainPayouts(header), onChainClaims(campaignId, part)],
          }),
        )
      }
      return receipts
    },
    async claimShares(account = self()) {
      const chain = await link.chain()
      const receipts: TransactionReceipt[] = []
      let cursor: string | undefined
      do {
        const { data, nextCursor } = await link.api.listShares({ params: { account }, query: { cursor } })
        for (const share of data) {
          if (share.claimable === 0n) continue
          receipts.push(
            await chain.write({
              what: 'Claiming a share of the revenue',
              address: chain.network.contracts.licenses,
              abi: licensesAbi,
              functionName: 'claimShare',
              args: [
                share.token.address,
                BigInt(share.passportId),
                BigInt(share.version),
                share.sold,
                onChainHeader(share.header),
                share.claim,
              ],
            }),
          )
        }
        cursor = nextCursor ?? undefined
      } while (cursor !== undefined)
      return receipts
    },
    async withdraw(token, account = self()) {
      const chain = await link.chain()
      return await chain.write({
        what: 'Withdrawing the revenue',
        address: chain.network.contracts.licenses,
        abi: licensesAbi,
        functionName: 'withdraw',
        args: [token, account],
      })
    },
  }
}

/** Every page before the first payment: a batch that becomes final meanwhile pays everyone of the one read. */
async function allClaims(link: Link, campaignId: Hex) {
  const read = (cursor?: string) =>
    link.api.listClaims({ params: { id: campaignId }, query: { cursor, limit: CLAIMS_PER_PAGE } })
  let page = await read()
  const { header } = page
  const due = [...page.data]
  while (page.nextCursor !== null) {
    page = await read(page.nextCursor)
    due.push(...page.data)
  }
  return { header, due }
}
