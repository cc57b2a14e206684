import { parametersAbi } from '@tagger/contracts/abi'
import type { Address } from '@tagger/protocol'
import type { endpoints, ReplyOf } from '@tagger/protocol/wire'
import { challengeWindowOf, leastsOf } from '../config.ts'
import type { Node } from '../node.ts'
import { paidByToken, selectTotals } from './queries.ts'
import { acceptedTokens, tokenDocument } from './tokens.ts'

/** Version of the node, as in its package. */
export const VERSION = '0.1.0'

interface Fees {
  protocolFeeBps: number
  operatorFeeCapBps: number
}

/** What parameters say before the chain was reached once: what the contract starts with. */
const DEFAULT_FEES: Fees = { protocolFeeBps: 250, operatorFeeCapBps: 1000 }
const REMEMBERED_MS = 60_000
const remembered = new WeakMap<Node['chain'], { fees: Fees; until: number }>()

/** What this node is: chain, contracts, operator, fees, totals. */
export async function describeNetwork(
  node: Node,
  demoCrowd: { isRunning: boolean; bots: number } | null,
): Promise<ReplyOf<(typeof endpoints)['getNetwork']>> {
  const { chain, config, keys } = node
  const [totals, paid, fees, tokens] = await Promise.all([
    selectTotals(node.db),
    paidByToken(node.db),
    readFees(node),
    Promise.all(acceptedTokens(node).map((token) => tokenDocument(node, token))),
  ])
  return {
    name: config.name,
    version: VERSION,
    chainId: chain.chainId,
    rpcUrl: chain.rpcUrl,
    isLocal: chain.isLocal,
    contracts: chain.contracts,
    tokens,
    operator: keys.operator,
    receiptKey: keys.receiptKey,
    fees: { operatorFeeBps: config.operatorFeeBps, ...fees },
    challengeWindowSeconds: challengeWindowOf(config, chain),
    leastPrice: leastsOf(config, chain).price,
    totals: { ...totals, paid },
    demoCrowd: chain.isLocal ? demoCrowd : null,
  }
}

/** The network's fees, read from the chain at most once a minute; the last known ones while it is away. */
async function readFees(node: Node): Promise<Fees> {
  const known = remembered.get(node.chain)
  const now = node.now().getTime()
  if (known && now < known.until) return known.fees
  const { client, contracts } = node.chain
  const read = (functionName: 'protocolFeeBps' | 'maxOperatorFeeBps') =>
    client.readContract({ address: contracts.parameters as Address, abi: parametersAbi, functionName })
  try {
    const [protocolFeeBps, operatorFeeCapBps] = await Promise.all([
      read('protocolFeeBps'),
      read('maxOperatorFeeBps'),
    ])
    const fees = { protocolFeeBps, operatorFeeCapBps }
    remembered.set(node.chain, { fees, until: now + REMEMBERED_MS })
    return fees
  } catch {
    return known?.fees ?? DEFAULT_FEES
  }
}
