import type { BrowserContext } from 'playwright-core'
import { createWalletClient, type Hex, http } from 'viem'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { foundry } from 'viem/chains'

const NAME = 'Test Wallet'
const RDNS = 'test.wallet'

type Request = { method: string; params?: unknown[] }

/**
 * An EIP-6963 wallet for a browser context: the page talks to an EIP-1193 provider, the key stays in this process.
 * It starts unauthorized and, like any new wallet, without a balance.
 */
export async function installWallet(
  context: BrowserContext,
  options: { privateKey: Hex; rpcUrl: string },
): Promise<PrivateKeyAccount> {
  const account = privateKeyToAccount(options.privateKey)
  const handle = createHandler(account, options.rpcUrl)
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
  return account
}

function createHandler(account: PrivateKeyAccount, rpcUrl: string) {
  const client = createWalletClient({ account, chain: foundry, transport: http(rpcUrl) })
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
        return `0x${foundry.id.toString(16)}`
      case 'wallet_requestPermissions':
        return authorize([permission])
      case 'wallet_getPermissions':
        return isAuthorized ? [permission] : []
      case 'wallet_revokePermissions':
        isAuthorized = false
        return null
      case 'wallet_switchEthereumChain':
      case 'wallet_addEthereumChain':
        return null
      case 'personal_sign':
        return await account.signMessage({ message: { raw: params[0] as Hex } })
      case 'eth_signTypedData_v4': {
        const { EIP712Domain: _, ...types } = JSON.parse(params[1] as string).types
        return await account.signTypedData({ ...JSON.parse(params[1] as string), types })
      }
      case 'eth_sendTransaction': {
        const [{ to, data, value, gas }] = params as [{ to: Hex; data?: Hex; value?: string; gas?: string }]
        return await client.sendTransaction({
          to,
          data,
          value: value === undefined ? undefined : BigInt(value),
          gas: gas === undefined ? undefined : BigInt(gas),
        })
      }
      default:
        return await client.request({ method, params } as Parameters<typeof client.request>[0])
    }
  }
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
