import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import { createPublicClient, http, type PublicClient, parseEther } from 'viem'
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { Keys } from '../store/keys.ts'
import { type Anvil, startAnvil } from './anvil.ts'
import type { Chain } from './chain.ts'
import { localContracts } from './deploy.ts'
import { readDeployment } from './deployment-file.ts'
import { createFaucet } from './faucet.ts'
import { localAccounts, sendFrom } from './local-accounts.ts'
import { stakeLocally } from './local-stakes.ts'
import { startTicker } from './ticker.ts'

const LOCAL_CHAIN_ID = 31337
const OPERATOR_WEI = parseEther('1000')

/** A chain that is open, and what closes it. */
export interface OpenChain {
  chain: Chain
  close(): Promise<void>
}

interface Needs {
  config: Pick<Config, 'rpcUrl' | 'publicRpcUrl' | 'dataFolder' | 'chainPort' | 'contractsFile'>
  keys: Pick<Keys, 'operator'>
  log: Log
}

/** The chain the settings ask for: the one behind `RPC_URL`, else a local one as a child process. */
export async function openChain(needs: Needs): Promise<OpenChain> {
  const { rpcUrl, dataFolder, chainPort } = needs.config
  if (rpcUrl === null) return openLocal(needs, await startAnvil({ folder: dataFolder, port: chainPort }))
  const client = clientOf(rpcUrl)
  const chainId = await client.getChainId().catch((cause: Error) => {
    throw new TaggerError('chain-unreachable', `No chain answers at RPC_URL (${new URL(rpcUrl).host})`, {
      hints: ['Check the URL, or leave RPC_URL unset for a local chain.'],
      cause,
    })
  })
  if (chainId === LOCAL_CHAIN_ID) return openLocal(needs, { rpcUrl, async stop() {} })
  return openRemote(needs, client, chainId)
}

async function openLocal({ config, keys, log }: Needs, anvil: Anvil): Promise<OpenChain> {
  const { rpcUrl } = anvil
  const client = clientOf(rpcUrl)
  const ticker = startTicker({ log }, client)
  const close = async () => {
    await ticker.stop()
    await anvil.stop()
  }
  try {
    const { giver, validators, treasury } = await localAccounts(client)
    const send = sendFrom(client, giver)
    const file = config.contractsFile ?? join(config.dataFolder, 'contracts.json')
    const contracts = await localContracts({ file, client, send, owner: giver, treasury })
    await stakeLocally({ client, send, contracts, operator: keys.operator, validators })
    if ((await client.getBalance({ address: keys.operator })) < OPERATOR_WEI / 10n) {
      await send({ to: keys.operator, value: OPERATOR_WEI })
    }
    const faucet = createFaucet(send, contracts)
    return { chain: { chainId: LOCAL_CHAIN_ID, isLocal: true, rpcUrl, contracts, client, faucet }, close }
  } catch (error) {
    await close()
    throw error
  }
}

async function openRemote({ config }: Needs, client: PublicClient, chainId: number): Promise<OpenChain> {
  const file = config.contractsFile ?? join(config.dataFolder, 'contracts.json')
  const deployment = readDeployment(file)
  if (deployment === null) {
    throw new TaggerError('bad-request', `${file} is missing: it names the contracts on chain ${chainId}`, {
      hints: ['Deploy the contracts with `tagger deploy`, then set TAGGER_CONTRACTS to the file it writes.'],
    })
  }
  const { contracts } = deployment
  if (!(await client.getCode({ address: contracts.campaigns }))) {
    throw new TaggerError('bad-request', `There is no contract at ${contracts.campaigns} on chain ${chainId}`)
  }
  // Never the operator's own RPC_URL: it often holds an access key.
  const rpcUrl = config.publicRpcUrl
  return { chain: { chainId, isLocal: false, rpcUrl, contracts, client, faucet: null }, async close() {} }
}

/** A client without caches and with few retries: callers here repeat by themselves. */
export function clientOf(rpcUrl: string): PublicClient {
  return createPublicClient({
    transport: http(rpcUrl, { retryCount: 1, timeout: 15_000 }),
    pollingInterval: 200,
    cacheTime: 0,
  })
}
