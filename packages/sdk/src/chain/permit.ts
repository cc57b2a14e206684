import { type Address, ZERO32 } from '@tagger/protocol'
import { erc20Abi, parseAbi, parseSignature } from 'viem'
import { nowSeconds } from '../clock.ts'
import type { Wallet } from '../identity/wallet.ts'
import type { Chain } from './chain.ts'

/** An ERC-2612 permit as our contracts take it; `deadline` 0 means none is given. */
export interface Permit {
  value: bigint
  deadline: bigint
  v: number
  r: `0x${string}`
  s: `0x${string}`
}

export const NO_PERMIT: Permit = { value: 0n, deadline: 0n, v: 0, r: ZERO32, s: ZERO32 }

const PERMIT_SECONDS = 3600
const permitAbi = parseAbi([
  'function nonces(address) view returns (uint256)',
  'function eip712Domain() view returns (bytes1, string, string, uint256, address, bytes32, uint256[])',
])
const PERMIT_TYPES = {
  Permit: [
    { name: 'owner', type: 'address' },
    { name: 'spender', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/**
 * Lets `spender` take exactly `value`: nothing when it already may, a signed permit where the token knows them,
 * an approval in a transaction of its own where not.
 */
export async function allow(options: {
  chain: Chain
  wallet: Wallet
  token: Address
  spender: Address
  value: bigint
}): Promise<Permit> {
  const { chain, wallet, token, spender, value } = options
  if (value === 0n) return NO_PERMIT
  const allowance = await chain.client.readContract({
    address: token,
    abi: erc20Abi,
    functionName: 'allowance',
    args: [wallet.account, spender],
  })
  if (allowance >= value) return NO_PERMIT
  const permit = await signPermit(options)
  if (permit !== null) return permit
  await chain.write({
    what: 'Allowing the contract to take the amount',
    address: token,
    abi: erc20Abi,
    functionName: 'approve',
    args: [spender, value],
  })
  return NO_PERMIT
}

/** Null for a token without ERC-2612 and ERC-5267. */
async function signPermit(options: {
  chain: Chain
  wallet: Wallet
  token: Address
  spender: Address
  value: bigint
}): Promise<Permit | null> {
  const { chain, wallet, token, spender, value } = options
  const read = { address: token, abi: permitAbi } as const
  const domain = await Promise.all([
    chain.client.readContract({ ...read, functionName: 'nonces', args: [wallet.account] }),
    chain.client.readContract({ ...read, functionName: 'eip712Domain' }),
  ]).catch(() => null)
  if (domain === null) return null
  const [nonce, [, name, version, chainId, verifyingContract]] = domain
  // A token that describes itself as another contract would get a signature good elsewhere.
  if (verifyingContract.toLowerCase() !== token || chainId !== BigInt(chain.network.chainId)) return null
  const deadline = BigInt(nowSeconds() + PERMIT_SECONDS)
  const signature = await wallet.signTypedData({
    domain: { name, version, chainId, verifyingContract },
    types: PERMIT_TYPES,
    primaryType: 'Permit',
    message: { owner: wallet.account, spender, value, nonce, deadline },
  })
  const { r, s, yParity } = parseSignature(signature)
  return { value, deadline, v: 27 + yParity, r, s }
}
