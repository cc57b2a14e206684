import { type Address, createWalletClient, type Hex, http, type TypedDataDefinition } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

const KEY = 'tagger:local-wallet'

/** An EIP-1193 provider on a key kept in this browser. Test money only: the key is not encrypted. */
export function createLocalProvider(options: { rpcUrl: string; chainId: number }) {
  const account = privateKeyToAccount(localKey())
  const chain = {
    id: options.chainId,
    name: 'local',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [options.rpcUrl] } },
  }
  const client = createWalletClient({ account, chain, transport: http(options.rpcUrl) })

  const request = async ({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> => {
    const list = params as unknown[]
    switch (method) {
      case 'eth_accounts':
      case 'eth_requestAccounts':
        return [account.address]
      case 'eth_chainId':
        return `0x${options.chainId.toString(16)}`
      case 'personal_sign':
        return await account.signMessage({ message: { raw: list[0] as Hex } })
      case 'eth_signTypedData_v4':
        return await account.signTypedData(readTypedData(list[1] as string))
      case 'eth_sendTransaction':
        return await client.sendTransaction(readTransaction(list[0] as RawTransaction))
      case 'wallet_switchEthereumChain':
      case 'wallet_addEthereumChain':
        return null
      default:
        return await client.request({ method, params } as never)
    }
  }
  return { address: account.address, request, on() {}, removeListener() {} }
}

interface RawTransaction {
  to?: Address
  data?: Hex
  value?: Hex
  gas?: Hex
}

function readTransaction({ to, data, value, gas }: RawTransaction) {
  return {
    to,
    data,
    value: value === undefined ? undefined : BigInt(value),
    gas: gas === undefined ? undefined : BigInt(gas),
  }
}

function readTypedData(json: string): TypedDataDefinition {
  const typed = JSON.parse(json)
  // viem derives the domain's type itself and refuses a second one.
  delete typed.types.EIP712Domain
  return typed
}

/** The private key of this browser's test wallet, made at the first call. */
export function localKey(): Hex {
  const kept = localStorage.getItem(KEY)
  if (kept !== null && /^0x[0-9a-f]{64}$/.test(kept)) return kept as Hex
  const fresh = generatePrivateKey()
  localStorage.setItem(KEY, fresh)
  return fresh
}
