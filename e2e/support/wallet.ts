import type { BrowserContext } from 'playwright-core'
import { createWalletClient, type Hex, http, numberToHex } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'

const NAME = 'Test Wallet'
const RDNS = 'test.wallet'

type Request = { method: string; params?: unknown[] }

/** A chain as an app asks a wallet to add it (EIP-3085). */
export interface AddedChain {
  chainId: Hex
  chainName: string
  rpcUrls: readonly string[]
  nativeCurrency: { name: string; symbol: string; decimals: number }
}

export interface WalletOptions {
  /** A new one by default. */
  privateKey?: Hex
  /** The chain it is on; when it is not the local one, the wallet does not know that yet. */
  chainId?: number
  /** Transactions it remembers from before a reset. */
  staleNonce?: number
}

/** The wallet as the test sees it. */
export interface TestWallet {
  account: PrivateKeyAccount
  /** What apps had it add. */
  added: AddedChain[]
  /** Does what clearing the activity does in a wallet: forgets what it counted. */
  forgetNonce(): void
}

/**
 * An EIP-6963 wallet for a browser context: the page talks to an EIP-1193 provider, the key stays in this process.
 * It starts unauthorized and, like any new wallet, without a balance; like real ones it signs typed data only for the
 * chain it is on, and switches only to a chain it knows.
 */
export async function installWallet(
  context: BrowserContext,
  options: WalletOptions & { rpcUrl: string },
): Promise<TestWallet> {
  const account = privateKeyToAccount(options.privateKey ?? generatePrivateKey())
  const wallet: TestWallet = {
    account,
    added: [],
    forgetNonce() {
      options.staleNonce = undefined
    },
  }
  const handle = createHandler(wallet, options)
  await context.exposeBinding('__walletRequest', async (_source, request: Request) => {
    try {
      return { result: await handle(request) }
    } catch (cause) {
      const { code, shortMessage, message } = cause as {
        code?: number
        shortMessage?: string
        message: string
      }
      return { error: { code: code ?? -32603, message: shortMessage ?? message } }
    }
  })
  await context.addInitScript(announceProvider, { name: NAME, rdns: RDNS })
  return wallet
}

function createHandler({ account, added }: TestWallet, options: WalletOptions & { rpcUrl: string }) {
  const client = createWalletClient({ account, chain: foundry, transport: http(options.rpcUrl) })
  let chainId = options.chainId ?? foundry.id
  const known = new Set([chainId])
  let isAuthorized = false
  const authorize = <T>(result: T): T => {
    isAuthorized = true
    return result
  }
  const accounts = [account.address]
  const permission = {
    parentCapability: 'eth_accounts',
    caveats: [{ type: 'restrictReturnedAccounts', value: accounts }],
  }
  return async ({ method, params = [] }: Request): Promise<unknown> => {
    switch (method) {
      case 'eth_requestAccounts':
        return authorize(accounts)
      case 'eth_accounts':
        // Warning: a list before authorization makes the app believe that it is connected.
        return isAuthorized ? accounts : []
      case 'eth_chainId':
        return numberToHex(chainId)
      case 'wallet_requestPermissions':
        return authorize([permission])
      case 'wallet_getPermissions':
        return isAuthorized ? [permission] : []
      case 'wallet_revokePermissions':
        isAuthorized = false
        return null
      case 'wallet_addEthereumChain': {
        const chain = params[0] as AddedChain
        added.push(chain)
        chainId = Number(chain.chainId)
        known.add(chainId)
        return null
      }
      case 'wallet_switchEthereumChain': {
        const wanted = Number((params[0] as { chainId: Hex }).chainId)
        if (!known.has(wanted)) throw refusal(4902, `Unrecognized chain ID "${wanted}"`)
        chainId = wanted
        return null
      }
      case 'personal_sign':
        return await account.signMessage({ message: { raw: params[0] as Hex } })
      case 'eth_signTypedData_v4': {
        const data = JSON.parse(params[1] as string)
        const { EIP712Domain: _, ...types } = data.types
        if (data.domain.chainId !== undefined && Number(data.domain.chainId) !== chainId) {
          throw refusal(-32602, `Provided chainId "${data.domain.chainId}" must match "${chainId}"`)
        }
        return await account.signTypedData({ ...data, types })
      }
      case 'eth_getTransactionCount':
        if (params[1] === 'pending' && options.staleNonce !== undefined)
          return numberToHex(options.staleNonce)
        return await client.request({ method, params } as never)
      case 'eth_sendTransaction': {
        if (chainId !== foundry.id) throw refusal(-32603, `Not sent: the wallet is on chain ${chainId}`)
        const [{ to, data, value, gas }] = params as [{ to: Hex; data?: Hex; value?: string; gas?: string }]
        return await client.sendTransaction({
          to,
          data,
          value: value === undefined ? undefined : BigInt(value),
          gas: gas === undefined ? undefined : BigInt(gas),
          nonce: options.staleNonce,
        })
      }
      default:
        return await client.request({ method, params } as Parameters<typeof client.request>[0])
    }
  }
}

function refusal(code: number, message: string): Error {
  return Object.assign(new Error(message), { code })
}

/** Runs in the page: an EIP-1193 provider announced by EIP-6963. */
function announceProvider({ name, rdns }: { name: string; rdns: string }): void {
  const bridge = (
    window as unknown as { __walletRequest(request: Request): Promise<{ result: unknown; error?: object }> }
  ).__walletRequest
  const listeners: Record<string, ((...values: unknown[]) => void)[]> = {}
  const provider = {
    async request(request: Request) {
      const { result, error } = await bridge({ method: request.method, params: request.params ?? [] })
      if (error) throw Object.assign(new Error('The wallet refused'), error)
      if (/^wallet_(add|switch)EthereumChain$/.test(request.method)) {
        const [{ chainId }] = request.params as [{ chainId: string }]
        for (const listener of listeners.chainChanged ?? []) listener(chainId)
      }
      return result
    },
    on(event: string, listener: (...values: unknown[]) => void) {
      listeners[event] = [...(listeners[event] ?? []), listener]
      return provider
    },
    removeListener(event: string, listener: (...values: unknown[]) => void) {
      listeners[event] = (listeners[event] ?? []).filter((entry) => entry !== listener)
      return provider
    },
  }
  const icon = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>"
  const detail = Object.freeze({
    info: Object.freeze({ uuid: crypto.randomUUID(), name, rdns, icon }),
    provider,
  })
  const announce = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}
