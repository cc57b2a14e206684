import type { Address } from '@tagger/protocol'
import { erc20Abi } from 'viem'
import type { Node } from '../node.ts'

/** A token as people read it. */
export interface Token {
  address: Address
  symbol: string
  decimals: number
}

const MAX_REMEMBERED = 1_000
const remembered = new WeakMap<Node['chain'], Map<Address, Token>>()

/** The tokens every campaign here may be paid in without a second look. */
export function ownTokens(node: Pick<Node, 'chain'>): Token[] {
  const { tagToken, testUsd } = node.chain.contracts
  const tokens = [{ address: tagToken, symbol: 'TAG', decimals: 18 }]
  return testUsd ? [{ address: testUsd, symbol: 'tUSD', decimals: 6 }, ...tokens] : tokens
}

/** The tokens this operator runs campaigns in: as set, else its own. */
export function acceptedTokens(node: Pick<Node, 'chain' | 'config'>): Address[] {
  return node.config.tokens ?? ownTokens(node).map(({ address }) => address)
}

/** A token's symbol and decimals; of a token that does not say, its shortened address and no decimals. */
export async function tokenDocument(node: Pick<Node, 'chain'>, address: Address): Promise<Token> {
  const own = ownTokens(node).find((token) => token.address === address)
  if (own) return own
  const known = remembered.get(node.chain) ?? new Map<Address, Token>()
  remembered.set(node.chain, known)
  const token = known.get(address) ?? (await readToken(node, address))
  if (token === null) return { address, symbol: `${address.slice(0, 6)}…`, decimals: 0 }
  if (known.size >= MAX_REMEMBERED) known.clear()
  known.set(address, token)
  return token
}

async function readToken(node: Pick<Node, 'chain'>, address: Address): Promise<Token | null> {
  try {
    const read = (functionName: 'symbol' | 'decimals') =>
      node.chain.client.readContract({ address, abi: erc20Abi, functionName })
    const [symbol, decimals] = await Promise.all([read('symbol'), read('decimals')])
    return { address, symbol: readable(String(symbol), address), decimals: Number(decimals) }
  } catch {
    return null
  }
}

/** A foreign token may call itself anything: only short plain words are shown, and never our tokens' names. */
function readable(symbol: string, address: Address): string {
  const isPlain = /^[\w.$-]{1,12}$/.test(symbol) && !/^(?:tag|tusd)$/i.test(symbol)
  return isPlain ? symbol : `${address.slice(0, 6)}…`
}
