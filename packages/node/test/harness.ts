import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import {
  type Endpoint,
  endpoints,
  type Problem,
  type RequestOf,
  type ResponseOf,
} from '@tagger/protocol/wire'
import type { Hono } from 'hono'
import {
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  http,
  type TransactionReceipt,
} from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { createActivityFeed } from '../src/activity.ts'
import { createApp, type Room } from '../src/app.ts'
import type { Chain } from '../src/chain/chain.ts'
import { startIndexer } from '../src/chain/indexer.ts'
import { openChain } from '../src/chain/open.ts'
import { startSender } from '../src/chain/sender.ts'
import { type Config, loadConfig } from '../src/config.ts'
import type { DatabaseAdapter } from '../src/db/adapter.ts'
import { migrate } from '../src/db/migrate.ts'
import { openPglite } from '../src/db/pglite.ts'
import { openPostgres } from '../src/db/postgres.ts'
import { sql } from '../src/db/sql.ts'
import { tokenHashOf } from '../src/http/access.ts'
import { routePath } from '../src/http/router.ts'
import { createLog } from '../src/log.ts'
import type { Node } from '../src/node.ts'
import { rooms as allRooms } from '../src/rooms.ts'
import { openBlobFolder } from '../src/store/blobs.ts'
import { nativeCrypto } from '../src/store/crypto.ts'
import { createKeys, randomSecrets } from '../src/store/keys.ts'
import { putChain, putDatabase } from './templates.ts'

interface TestNodeOptions {
  /** A clock of the test's own; the machine's otherwise. */
  clock?: () => Date
  config?: Partial<Config>
  /**
   * true starts a local chain with contracts, indexer and outbox; otherwise parts of the chain that cannot be
   * reached: `{ isLocal: false }`.
   */
  chain?: boolean | Partial<Chain>
  /** Rooms to hang; all of them otherwise. */
  rooms?: readonly Room[]
}

interface TestRequest {
  params?: unknown
  query?: Record<string, unknown>
  body?: unknown
  upload?: { bytes: Uint8Array | string; mediaType: string }
  /** Login token. */
  token?: string
  headers?: Record<string, string>
}

/** A node without sockets: everything else is real, its chain when the test asks for one. */
export interface TestNode {
  node: Node
  app: Hono
  /** Sends a request through the app, as it comes over HTTP. */
  request(endpoint: Endpoint, request?: TestRequest): Promise<Response>
  /** The same, answered with the parsed reply; a problem is thrown as the TaggerError it was made from. */
  call<E extends Endpoint>(endpoint: E, request?: Partial<RequestOf<E>> & TestRequest): Promise<ResponseOf<E>>
  /** The problem a request is refused with; throws when it is not refused. */
  refusal(endpoint: Endpoint, request?: TestRequest): Promise<Problem>
  /** Logs in by signing the challenge; answers with the token. */
  login(privateKey: Hex): Promise<string>
  /** A token for an account without the ceremony, for tests that are not about logging in. */
  tokenOf(account: Address): Promise<string>
  /** With a chain: sends what is in the outbox and waits until the tables hold what the chain says. */
  sync(): Promise<void>
  /** With a chain: sends a call from an account and waits until it is mined and indexed. */
  send(privateKey: Hex, call: { to: Address; data: Hex; value?: bigint }): Promise<TransactionReceipt>
  close(): Promise<void>
}

/** A private key and its account. */
export function randomAccount(): { privateKey: Hex; account: Address } {
  const privateKey = generatePrivateKey()
  return { privateKey, account: privateKeyToAccount(privateKey).address.toLowerCase() as Address }
}

/** Starts a node for one test file: on PGlite, or a database of its own on TEST_DATABASE_URL. */
export async function createTestNode(options: TestNodeOptions = {}): Promise<TestNode> {
  const folder = mkdtempSync(join(tmpdir(), 'tagger-test-'))
  const { db, drop } = await createTestDatabase()
  const now = options.clock ?? (() => new Date())
  const log = createLog({
    level: 'error',
    isTerminal: true,
    now,
    write: (line) => process.stderr.write(line),
  })
  const activity = createActivityFeed({ db, log, now })
  const keys = createKeys(randomSecrets())
  const config = loadConfig({}, { dataFolder: folder, checkReplies: true, chainPort: 0, ...options.config })
  if (options.chain === true) await putChain(folder)
  const opened = options.chain === true ? await openChain({ config, keys, log }) : null
  const replaced = typeof options.chain === 'object' ? options.chain : {}
  const node: Node = {
    config,
    log,
    db,
    blobs: await openBlobFolder(join(folder, 'blobs')),
    keys,
    chain: opened?.chain ?? { ...chainOutOfReach(), ...replaced },
    activity,
    crypto: nativeCrypto,
    now,
    demoCrowd: null,
  }
  const app = createApp(node, options.rooms ?? allRooms)
  const indexer = opened && startIndexer(node)
  const sender = opened && startSender(node)
  const sync = async () => {
    while (await hasOpenCalls(node)) {
      await sender?.round()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    await indexer?.sync()
  }
  return {
    node,
    app,
    ...clientOf(app, node),
    sync,
    async send(privateKey, call) {
      const { rpcUrl, client, chainId } = node.chain
      const chain = defineChain({
        id: chainId,
        name: 'local',
        nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
        rpcUrls: { default: { http: [rpcUrl!] } },
      })
      const wallet = createWalletClient({
        account: privateKeyToAccount(privateKey),
        chain,
        transport: http(),
      })
      const hash = await wallet.sendTransaction(call)
      const receipt = await client.waitForTransactionReceipt({ hash, pollingInterval: 50 })
      await indexer?.sync()
      return receipt
    },
    async close() {
      await sender?.stop()
      await indexer?.stop()
      await opened?.close()
      await activity.flush()
      await drop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function hasOpenCalls(node: Node): Promise<boolean> {
  const rows = await node.db.query(sql`select 1 from outbox where state in ('waiting', 'sent') limit 1`)
  return rows.length > 0
}

/** An empty database with the schema, and what throws it away. */
export async function createTestDatabase(): Promise<{ db: DatabaseAdapter; drop(): Promise<void> }> {
  const url = process.env.TEST_DATABASE_URL
  if (!url) {
    const folder = mkdtempSync(join(tmpdir(), 'tagger-test-'))
    await putDatabase(folder)
    const db = await openPglite(join(folder, 'database'))
    return {
      db,
      async drop() {
        await db.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const server = await openPostgres(url, { connections: 1 })
  await server.script(`create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  const db = await openPostgres(own.href)
  await migrate(db)
  return {
    db,
    async drop() {
      await db.close()
      await server.script(`drop database ${name} with (force)`)
      await server.close()
    },
  }
}

/** Requests to an app by the endpoint table. */
export function clientOf(app: Hono, node: Pick<Node, 'db' | 'now'>) {
  const request = async (endpoint: Endpoint, given: TestRequest = {}): Promise<Response> => {
    const headers = new Headers(given.headers)
    if (given.token !== undefined) headers.set('authorization', `Bearer ${given.token}`)
    let body: BodyInit | undefined
    if (given.upload !== undefined) {
      headers.set('content-type', given.upload.mediaType)
      body = given.upload.bytes as BodyInit
    } else if (given.body !== undefined) {
      headers.set('content-type', 'application/json')
      body = JSON.stringify(given.body, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
    }
    return app.request(urlOf(endpoint, given), { method: endpoint.method, headers, body })
  }
  const call = async <E extends Endpoint>(endpoint: E, given?: TestRequest): Promise<ResponseOf<E>> => {
    const response = await request(endpoint, given)
    if (!response.ok) {
      const problem = (await response.json()) as Problem
      throw new TaggerError(problem.code as TaggerError['code'], problem.detail, problem)
    }
    return endpoint.response!.parse(await response.json()) as ResponseOf<E>
  }
  return {
    request,
    call,
    async refusal(endpoint: Endpoint, given?: TestRequest): Promise<Problem> {
      const response = await request(endpoint, given)
      if (response.ok) throw new Error(`${endpoint.method} ${endpoint.path} was not refused`)
      return (await response.json()) as Problem
    },
    async login(privateKey: Hex): Promise<string> {
      const signer = privateKeyToAccount(privateKey)
      const account = signer.address.toLowerCase() as Address
      const { message } = await call(endpoints.createLoginChallenge, { body: { account } })
      const signature = await signer.signMessage({ message })
      return (await call(endpoints.createLogin, { body: { message, signature } })).token
    },
    async tokenOf(account: Address): Promise<string> {
      const token = randomUUID()
      const expiresAt = new Date(node.now().getTime() + 86_400_000)
      await node.db.query(sql`
        insert into logins (token_hash, account, expires_at) values (${tokenHashOf(token)}, ${account}, ${expiresAt})`)
      return token
    },
  }
}

function urlOf(endpoint: Endpoint, { params, query }: TestRequest): string {
  const path = routePath(endpoint).replace(/:(\w+)/g, (_, name) =>
    encodeURIComponent(String((params as Record<string, unknown>)[name])),
  )
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.set(name, String(value))
  }
  return search.size > 0 ? `${path}?${search}` : path
}

/** A local network's chain that cannot be reached: for everything that needs only its id and addresses. */
export function chainOutOfReach(): Chain {
  const address = (digit: string) => `0x${digit.repeat(40)}` as Address
  return {
    chainId: 31337,
    isLocal: true,
    rpcUrl: 'http://127.0.0.1:8545',
    contracts: {
      campaigns: address('a'),
      parameters: address('b'),
      passports: address('c'),
      licenses: address('d'),
      tagToken: address('e'),
      staking: address('1'),
      disputes: address('2'),
      timelock: address('3'),
      tagGovernor: address('4'),
      testUsd: address('f'),
    },
    client: createPublicClient({
      transport: custom(
        {
          async request() {
            throw new TaggerError('chain-unreachable', 'This test has no chain')
          },
        },
        { retryCount: 0 },
      ),
    }),
    faucet: null,
  }
}
