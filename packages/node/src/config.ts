import { resolve } from 'node:path'
import { type Address, TaggerError } from '@tagger/protocol'
import type { LogLevel } from './log.ts'
import { addresses, decimal, flag, oneOf, port, postgresUrl, url, whole } from './setting-values.ts'

/** Settings of a node. Only this file reads the environment. */
export interface Config {
  /** Where data lives: `.tagger` by default. */
  dataFolder: string
  host: string
  /** 0 takes any free port. */
  port: number
  databaseUrl: string | null
  rpcUrl: string | null
  /** RPC given to people's wallets on other networks than the local one. */
  publicRpcUrl: string | null
  /** Port of the embedded chain; another one is taken when it is in use. */
  chainPort: number
  /** Addresses of the contracts on the chain behind `rpcUrl`, a file as `contracts.json` in the data folder. */
  contractsFile: string | null
  /** Built app to serve, null in development. */
  webFolder: string | null
  /** What people read as the node's name. */
  name: string
  /** Where people reach the node, as its login message names it; null: as the request says. */
  publicUrl: string | null
  /** The operator's fee on what is paid. */
  operatorFeeBps: number
  /** Tokens campaigns may be paid in; null: TAG, on a local network TestUSD too. */
  tokens: Address[] | null
  /** Least fee a batch must bring, in whole tokens as a decimal; null: 0 on a local network, 0.005 elsewhere. */
  leastBatchFee: string | null
  /** Least price of a license whose key is delivered, in whole tokens; null: 0 on a local network, 0.01 elsewhere. */
  leastPrice: string | null
  /** How long a batch waits for objections; null: 10 seconds on a local network, 24 hours elsewhere. */
  challengeWindowSeconds: number | null
  /** How long an assignment is kept for its worker. */
  leaseSeconds: number
  /** Largest upload. */
  maxUploadBytes: number
  /** Drafts without a campaign that one account may have. */
  maxDrafts: number
  /** Bytes one account may keep in items of drafts without a campaign, and in pieces that wait for their record. */
  maxKeptBytes: number
  /** Leases one account may hold in all campaigns; null: 500, on a local network as many as it likes. */
  maxLeases: number | null
  /** Largest JSON body. */
  maxJsonBytes: number
  /** Logins and challenges an address may ask for in a minute; null: 60, on a local network as many as it likes. */
  loginsPerMinute: number | null
  /** Behind a reverse proxy: believe its `X-Forwarded-For`. */
  trustProxy: boolean
  logLevel: LogLevel
  /** Checks every reply against its schema: for tests and development. */
  checkReplies: boolean
}

/** Where settings come from: `process.env`, or a test's own. */
export type Environment = Readonly<Record<string, string | undefined>>

interface Setting {
  key: keyof Config
  name: string
  about: string
  /** As text, in `.env.example`; null when unset means something. */
  fallback: string | null
  parse(text: string): unknown
}

const text = (value: string) => value
const LOG_LEVELS = ['info', 'warn', 'error', 'silent']

/** Every setting: its variable, its default and what it is for. */
export const settings: readonly Setting[] = [
  {
    key: 'dataFolder',
    name: 'TAGGER_DATA',
    about: 'Where data lives.',
    fallback: '.tagger',
    parse: (value) => resolve(value),
  },
  {
    key: 'host',
    name: 'HOST',
    about: 'Address to listen on. A local network has a faucet: keep it on 127.0.0.1.',
    fallback: '127.0.0.1',
    parse: text,
  },
  { key: 'port', name: 'PORT', about: 'Port to listen on; 0 takes any.', fallback: '4747', parse: port },
  {
    key: 'databaseUrl',
    name: 'DATABASE_URL',
    about: 'A PostgreSQL server (15 or newer). Unset: one inside the process, files in the data folder.',
    fallback: null,
    parse: postgresUrl,
  },
  {
    key: 'rpcUrl',
    name: 'RPC_URL',
    about: 'An EVM chain. Unset: a local one as a child process, state in the data folder.',
    fallback: null,
    parse: url,
  },
  {
    key: 'publicRpcUrl',
    name: 'TAGGER_PUBLIC_RPC_URL',
    about: 'RPC given to people’s wallets and to the app; RPC_URL itself is never published.',
    fallback: null,
    parse: url,
  },
  {
    key: 'chainPort',
    name: 'TAGGER_CHAIN_PORT',
    about: 'Port of the local chain; another one is taken when it is in use.',
    fallback: '8545',
    parse: port,
  },
  {
    key: 'contractsFile',
    name: 'TAGGER_CONTRACTS',
    about: 'JSON file with the addresses of the contracts on the chain behind RPC_URL.',
    fallback: null,
    parse: (value) => resolve(value),
  },
  {
    key: 'webFolder',
    name: 'TAGGER_WEB',
    about: 'Built app to serve. Unset: packages/web/dist when it exists.',
    fallback: null,
    parse: (value) => resolve(value),
  },
  {
    key: 'name',
    name: 'TAGGER_NAME',
    about: 'What people read as the node’s name.',
    fallback: 'Tagger',
    parse: text,
  },
  {
    key: 'publicUrl',
    name: 'TAGGER_PUBLIC_URL',
    about: 'Where people reach the node, as its login message names it. Unset: as the request says.',
    fallback: null,
    parse: url,
  },
  {
    key: 'operatorFeeBps',
    name: 'TAGGER_OPERATOR_FEE_BPS',
    about: 'The operator’s fee on what is paid, in basis points.',
    fallback: '250',
    parse: whole(0, 1000),
  },
  {
    key: 'tokens',
    name: 'TAGGER_TOKENS',
    about:
      'Addresses of the tokens campaigns may be paid in, by commas. Unset: TAG, on a local network tUSD too.',
    fallback: null,
    parse: addresses,
  },
  {
    key: 'leastBatchFee',
    name: 'TAGGER_LEAST_BATCH_FEE',
    about:
      'Least fee a batch must bring, in whole tokens: what its two transactions cost (about 165,000 gas). Unset: 0 on a local network, 0.005 elsewhere.',
    fallback: null,
    parse: decimal,
  },
  {
    key: 'leastPrice',
    name: 'TAGGER_LEAST_PRICE',
    about:
      'Least price of a license whose key this node delivers, in whole tokens. Unset: 0 on a local network, 0.01 elsewhere.',
    fallback: null,
    parse: decimal,
  },
  {
    key: 'challengeWindowSeconds',
    name: 'TAGGER_CHALLENGE_WINDOW',
    about: 'Seconds a batch waits for objections. Unset: 10 on a local network, 86400 elsewhere.',
    fallback: null,
    parse: whole(1, 14 * 86_400),
  },
  {
    key: 'leaseSeconds',
    name: 'TAGGER_LEASE_SECONDS',
    about: 'Seconds an assignment is kept for its worker.',
    fallback: '900',
    parse: whole(10, 86_400),
  },
  {
    key: 'maxUploadBytes',
    name: 'TAGGER_MAX_UPLOAD_BYTES',
    about: 'Largest upload.',
    fallback: String(64 * 2 ** 20),
    parse: whole(1, 2 ** 31),
  },
  {
    key: 'maxDrafts',
    name: 'TAGGER_MAX_DRAFTS',
    about: 'Drafts without a campaign that one account may have.',
    fallback: '100',
    parse: whole(1, 1_000_000),
  },
  {
    key: 'maxKeptBytes',
    name: 'TAGGER_MAX_KEPT_BYTES',
    about:
      'Bytes one account may keep in drafts without a campaign and in pieces without their record; each item counts 2048 more.',
    fallback: String(2 ** 30),
    parse: whole(1, 2 ** 45),
  },
  {
    key: 'maxLeases',
    name: 'TAGGER_MAX_LEASES',
    about: 'Leases one account may hold at once. Unset: 500, on a local network as many as it likes.',
    fallback: null,
    parse: whole(1, 1_000_000),
  },
  {
    key: 'maxJsonBytes',
    name: 'TAGGER_MAX_JSON_BYTES',
    about: 'Largest JSON body.',
    fallback: String(16 * 2 ** 20),
    parse: whole(1024, 2 ** 30),
  },
  {
    key: 'loginsPerMinute',
    name: 'TAGGER_LOGINS_PER_MINUTE',
    about: 'Logins an address may ask for in a minute. Unset: 60, on a local network as many as it likes.',
    fallback: null,
    parse: whole(1, 1_000_000),
  },
  {
    key: 'trustProxy',
    name: 'TAGGER_TRUST_PROXY',
    about: 'true behind a reverse proxy: believe its X-Forwarded-For.',
    fallback: 'false',
    parse: flag,
  },
  {
    key: 'logLevel',
    name: 'TAGGER_LOG',
    about: `One of ${LOG_LEVELS.join(', ')}.`,
    fallback: 'info',
    parse: oneOf(LOG_LEVELS),
  },
  {
    key: 'checkReplies',
    name: 'TAGGER_CHECK_REPLIES',
    about: 'true checks every reply against its schema: for development.',
    fallback: 'false',
    parse: flag,
  },
]

/** Settings from the environment; what `overrides` names wins. Throws `bad-request` naming every wrong variable. */
export function loadConfig(environment: Environment = process.env, overrides: Partial<Config> = {}): Config {
  const wrong: string[] = []
  const values: Record<string, unknown> = {}
  for (const setting of settings) {
    const given = environment[setting.name]?.trim() || setting.fallback
    try {
      values[setting.key] = given === null ? null : setting.parse(given)
    } catch (error) {
      wrong.push(`${setting.name}: ${(error as Error).message}`)
    }
  }
  if (wrong.length > 0) {
    throw new TaggerError('bad-request', 'The settings are wrong', {
      hints: [...wrong, 'All settings with their defaults are in packages/node/.env.example.'],
    })
  }
  return { ...(values as unknown as Config), ...overrides }
}

/** The text of `.env.example`. */
export function environmentExample(): string {
  const entries = settings.map(({ name, about, fallback }) => `# ${about}\n# ${name}=${fallback ?? ''}\n`)
  return `# Settings of a node, with their defaults. Made by scripts/generate.ts.\n\n${entries.join('\n')}`
}

/** Seconds a batch waits for objections. */
export function challengeWindowOf(
  config: Pick<Config, 'challengeWindowSeconds'>,
  chain: { isLocal: boolean },
): number {
  return config.challengeWindowSeconds ?? (chain.isLocal ? 10 : 86_400)
}

/** Least fee of a batch and least price of a license, in whole tokens; nothing by default on a local network. */
export function leastsOf(
  config: Pick<Config, 'leastBatchFee' | 'leastPrice' | 'operatorFeeBps'>,
  chain: { isLocal: boolean },
): { batchFee: string; price: string } {
  const unlessLocal = (amount: string) => (chain.isLocal ? '0' : amount)
  return {
    // Who asks for no fee pays for the gas.
    batchFee: config.operatorFeeBps === 0 ? '0' : (config.leastBatchFee ?? unlessLocal('0.005')),
    price: config.leastPrice ?? unlessLocal('0.01'),
  }
}
