import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { type DeployOptions, type DeployPlan, numberNames, planDeployment } from '@tagger/contracts/deploy'
import { lowerCased, writeDeployment } from '@tagger/node/deployment-file'
import { type Address, TaggerError } from '@tagger/protocol'
import { Command } from 'commander'
import { createPublicClient, formatEther, getAddress, http, isAddress, type PublicClient } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createVoice, type Voice } from '../output.ts'
import { readKey, wholeNumber } from '../settings.ts'
import { type DeployJournal, isSameDeployment, parseNumbers, readJournal, writeJournal } from './journal.ts'
import { carryOut } from './send.ts'
import { writeSources } from './sources.ts'

interface Options {
  network: string
  key?: string
  tagReceiver?: string
  treasury?: string
  window: number
  timelock: number
  set: string[]
  out?: string
  sources: boolean
  yes?: boolean
  json?: boolean
}

const HOUR = 3_600
const POLL_MILLISECONDS = 500

/** `tagger deploy`: puts the contracts on a chain, so that nobody owns them. */
export function deployCommand(): Command {
  return new Command('deploy')
    .description(
      'Deploy the contracts: print the plan, and with --yes carry it out or go on where it stopped.',
    )
    .requiredOption('--network <rpc>', 'the chain, by the URL of an RPC endpoint')
    .option('--key <hex>', 'private key of the deployer, instead of TAGGER_KEY')
    .option('--tag-receiver <address>', 'gets the supply of TAG; the timelock unless named')
    .option('--treasury <address>', 'gets fees and slashes; the timelock unless named')
    .option('--window <seconds>', 'shortest challenge window', wholeNumber('--window'), HOUR)
    .option('--timelock <seconds>', 'from decision to execution', wholeNumber('--timelock'), 48 * HOUR)
    .option('--set <name=value...>', 'numbers to start with, in order', [])
    .option(
      '--out <file>',
      'where the addresses go, for TAGGER_CONTRACTS (default: contracts-<chain id>.json)',
    )
    .option('--no-sources', 'write no compiler input for explorers')
    .option('--yes', 'send the transactions')
    .option('--json', 'one JSON line last')
    .action(deploy)
}

async function deploy(options: Options): Promise<void> {
  const voice = createVoice(options)
  const account = privateKeyToAccount(readKey(options.key))
  const client = createPublicClient({
    transport: http(options.network),
    pollingInterval: POLL_MILLISECONDS,
  }) as PublicClient
  const chainId = await client.getChainId()
  const file = resolve(options.out ?? `contracts-${chainId}.json`)
  const path = `${file}.journal`
  const begun = readJournal(path)
  const wanted = await wantedDeployment(options, client, account.address, begun)
  const plan = planDeployment(wanted)
  const hash = hashOf(plan)
  if (begun !== null) requireSame(begun, { chainId, options: wanted, hash }, path)

  await tellPlan({ plan, client, deployer: account.address, chainId, voice })
  const result = { chainId, file, contracts: plan.contracts, steps: plan.steps.length }
  if (options.yes !== true) {
    voice.say('Nothing was sent. Pass --yes to carry it out.')
    voice.result({ ...result, done: false })
    return
  }

  if (begun === null) await writeJournal(path, { chainId, options: wanted, hash })
  await carryOut({
    client,
    rpc: options.network,
    account,
    plan,
    onStep: ({ title }, isNew) => voice.say(`${isNew ? '✓' : '·'} ${title}${isNew ? '' : ' (was done)'}`),
  })
  writeDeployment(file, { bytecode: hash, contracts: lowerCased(plan.contracts) })
  voice.say(`The deployer has no rights left. Addresses: ${file}`)
  if (options.sources) {
    const folder = `${file.replace(/\.json$/, '')}-sources`
    await writeSources(folder, plan)
    voice.say(`For explorers: ${folder}`)
  }
  voice.say('Start a node with RPC_URL and TAGGER_CONTRACTS set to this chain and that file.')
  voice.result({ ...result, done: true })
}

/** What the options ask for, from the deployer's next nonce on or the one it began with. */
async function wantedDeployment(
  options: Options,
  client: PublicClient,
  deployer: Address,
  begun: DeployJournal | null,
): Promise<DeployOptions> {
  const nonce = begun?.options.nonce ?? (await client.getTransactionCount({ address: deployer }))
  const fixed = {
    deployer,
    nonce,
    ...(options.treasury !== undefined && { treasury: addressOf('--treasury', options.treasury) }),
    minChallengeWindow: BigInt(options.window),
    timelockDelay: BigInt(options.timelock),
    numbers: parseNumbers(options.set, numberNames),
  }
  if (options.tagReceiver !== undefined) {
    return { ...fixed, tagReceiver: addressOf('--tag-receiver', options.tagReceiver) }
  }
  const { timelock } = planDeployment({ ...fixed, tagReceiver: deployer }).contracts
  return { ...fixed, tagReceiver: timelock }
}

function requireSame(begun: DeployJournal, wanted: DeployJournal, path: string): void {
  const isSame =
    begun.chainId === wanted.chainId &&
    begun.hash === wanted.hash &&
    isSameDeployment(begun.options, wanted.options)
  if (isSame) return
  throw new TaggerError(
    'conflict',
    'Another deployment was begun here, or the contracts have changed since',
    {
      hints: [`Repeat the options it was begun with, or remove ${path} to plan a new one.`],
    },
  )
}

async function tellPlan(options: {
  plan: DeployPlan
  client: PublicClient
  deployer: Address
  chainId: number
  voice: Voice
}): Promise<void> {
  const { plan, client, deployer, chainId, voice } = options
  voice.say(`${plan.steps.length} transactions on chain ${chainId}, from ${deployer}:`)
  for (const { nonce, title, address, deploys, data } of plan.steps) {
    const where = deploys === null ? '' : `  ${address}  ${(data.length / 2_048).toFixed(1)} KiB`
    voice.say(`  ${String(nonce).padStart(5)}  ${title.padEnd(20)}${where}`)
  }
  const gas = plan.steps.reduce((sum, step) => sum + mostGas(step.data), 0n)
  const price = await client.getGasPrice()
  const balance = await client.getBalance({ address: deployer })
  voice.say(
    `At most some ${gas / 1_000_000n} million gas, ${formatEther(gas * price)} of the chain's coin now; ` +
      `the deployer has ${formatEther(balance)}.`,
  )
}

/** What sending and keeping the code takes, and half a million for a constructor's writes. */
function mostGas(data: string): bigint {
  const bytes = BigInt(data.length / 2 - 1)
  return 53_000n + bytes * (16n + 200n + 2n) + 500_000n
}

function hashOf({ steps }: DeployPlan): string {
  return createHash('sha256')
    .update(steps.map(({ data }) => data).join('\n'))
    .digest('hex')
}

function addressOf(option: string, text: string): Address {
  if (isAddress(text)) return getAddress(text)
  throw new TaggerError('bad-request', `${option} must be an address, not "${text}"`)
}
