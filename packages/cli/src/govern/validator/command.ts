import { join } from 'node:path'
import { loadConfig } from '@tagger/node'
import { nativeCrypto } from '@tagger/node/crypto'
import { TaggerError } from '@tagger/protocol'
import { type Chain, createTagger, createWatch, type ProposedBatch, type Tagger } from '@tagger/sdk'
import { Command } from 'commander'
import { formatEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type Shared, withShared } from '../../campaign/command.ts'
import { createVoice, EXIT, Exit } from '../../output.ts'
import { readKey, wholeNumber } from '../../settings.ts'
import { onExit } from '../../shutdown.ts'
import { voteStore, votesFile } from '../vote-store.ts'
import type { Checked } from './check.ts'
import { createChecks } from './checks.ts'
import { createTelling, type Telling } from './telling.ts'
import { createValidator } from './validator.ts'

interface Options extends Shared {
  evidence: string[]
  rpc?: string
  votes?: string
  tries: number
  patience: number
  onlyVote?: boolean
  mostMegabytes: number
  mostSeconds: number
  diskMegabytes: number
  atOnce: number
  fromBlock: number
  every?: number
  once?: boolean
}

const MEGABYTE = 1_000_000
const LOCAL_PAUSE_SECONDS = 1
const PAUSE_SECONDS = 12
const MOST_PAUSE_SECONDS = 60

/** `tagger validator`: checks batches, challenges those that do not hold and votes on disputes, until it is stopped. */
export function validatorCommand(): Command {
  return withShared(new Command('validator'))
    .description('Check every proposed batch, challenge what does not hold, vote on disputes; until stopped.')
    .option('--evidence <url...>', 'further nodes to ask for evidence', [])
    .option('--rpc <url>', 'chain to believe, instead of the one the node names')
    .option('--votes <file>', 'where votes wait to be revealed (default: by account in the data folder)')
    .option(
      '--tries <count>',
      'before bytes that cannot be had or checked count as wrong',
      wholeNumber('--tries'),
      3,
    )
    .option('--patience <percent>', 'of the time there is, likewise', wholeNumber('--patience', 90), 50)
    .option('--only-vote', 'never challenge')
    .option('--most-megabytes <size>', 'of a bundle', wholeNumber('--most-megabytes', 2_000), 1_000)
    .option('--most-seconds <time>', 'for a check, downloads included', wholeNumber('--most-seconds'), 600)
    .option('--at-once <count>', 'checks at the same time', wholeNumber('--at-once', 64), 2)
    .option('--disk-megabytes <size>', 'for bundles kept', wholeNumber('--disk-megabytes'), 10_000)
    .option('--from-block <block>', 'where the contracts were deployed', wholeNumber('--from-block'), 0)
    .option('--every <seconds>', 'how often the chain is asked', wholeNumber('--every', 3_600))
    .option('--once', 'do what is due now, then end')
    .action(run)
}

async function run(options: Options): Promise<void> {
  const telling = createTelling(createVoice(options), options.json === true)
  const { dataFolder } = loadConfig()
  const wallet = privateKeyToAccount(readKey(options.key))
  const store = voteStore(options.votes ?? votesFile(dataFolder, wallet.address))
  const tagger = createTagger({
    ...{ url: options.node, rpcUrl: options.rpc, wallet, crypto: nativeCrypto, store },
    // It goes on by itself, and says what it waits for.
    retry: { tries: 1 },
  })
  const stopped = new AbortController()
  onExit(() => stopped.abort())

  const chain = await untilItWorks('The node', telling, options, stopped.signal, () => tagger.chain())
  await untilItWorks('The chain', telling, options, stopped.signal, () => introduce(tagger, chain, telling))
  const watch = createWatch(chain, nativeCrypto, BigInt(options.fromBlock))
  const checks = createChecks({
    watch,
    urls: [options.node, ...options.evidence],
    folder: join(dataFolder, 'validator'),
    limits: {
      bundleBytes: options.mostMegabytes * MEGABYTE,
      diskBytes: options.diskMegabytes * MEGABYTE,
      seconds: options.mostSeconds,
      atOnce: options.atOnce,
    },
    onChecked: (batch, checked, seconds) => tellChecked(telling, batch, checked, seconds),
    onTrouble: (batch, error) => validator.couldNotCheck(batch, error),
  })
  onExit(() => checks.end())
  const policy = {
    tries: Math.max(1, options.tries),
    patience: options.patience / 100,
    challenges: options.onlyVote !== true,
  }
  const validator = createValidator({ tagger, watch, checks, policy, telling })
  const pause = options.every ?? (chain.network.isLocal ? LOCAL_PAUSE_SECONDS : PAUSE_SECONDS)
  while (!stopped.signal.aborted) {
    await untilItWorks('The chain', telling, options, stopped.signal, () => validator.round())
    if (options.once && !validator.isBusy()) {
      // What the last step changed may have made another one due.
      await validator.round()
      if (!validator.isBusy()) break
    }
    await sleep(options.once ? Math.min(pause, LOCAL_PAUSE_SECONDS) : pause, stopped.signal)
  }
  if (options.once && validator.failures() > 0) throw new Exit(EXIT.failed)
}

/** Says who validates where, and what is missing to do all of it. */
async function introduce(tagger: Tagger, chain: Chain, telling: Telling): Promise<void> {
  const { account } = tagger.wallet!
  const { contracts, chainId, name } = chain.network
  const [{ validating, credit }, bond, tag, gas] = await Promise.all([
    tagger.stake.read(),
    tagger.disputes.bond(),
    chain.balanceOf(contracts.tagToken, account),
    chain.client.getBalance({ address: account }),
  ])
  const { campaigns, disputes } = contracts
  const data = { account, chainId, campaigns, disputes, validating, bond, tag, gas, credit }
  telling.tell(
    'started',
    `${account} validates on chain ${chainId} (${name}): campaigns ${campaigns}, disputes ${disputes}; ` +
      `${formatEther(validating)} TAG vote, ${formatEther(tag)} TAG for bonds of ${formatEther(bond)}.`,
    data,
  )
  const lack = (what: string, words: string) => telling.tell('lacks', words, { what })
  if (gas === 0n) lack('gas', 'There is no gas: nothing can be sent. Send some to the account.')
  if (validating === 0n) {
    lack(
      'stake',
      'No stake votes: `tagger stake add` and `tagger stake validate` lock some for later batches.',
    )
  }
  if (tag < bond) lack('bond', `There is no bond: it takes ${formatEther(bond)} TAG to challenge a batch.`)
}

function tellChecked(telling: Telling, batch: ProposedBatch, checked: Checked, seconds: number): void {
  const { campaignId, header } = batch
  const took = Math.round(seconds * 100) / 100
  const outcome =
    checked.kind === 'sound'
      ? `holds (${checked.records} records)`
      : `${checked.kind === 'unsound' ? 'does NOT hold' : 'could not be checked'}: ${checked.reason}`
  telling.tell('checked', `Batch ${header.index} of campaign ${campaignId} ${outcome}, ${took} s.`, {
    ...{ campaignId, batch: batch.batch, index: header.index, seconds: took },
    ...checked,
  })
}

/** Repeats what a node or chain that is away keeps from working; with `--once` it throws. */
async function untilItWorks<T>(
  what: string,
  telling: Telling,
  { once }: Options,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  for (let pause = 1; ; pause = Math.min(2 * pause, MOST_PAUSE_SECONDS)) {
    try {
      const result = await work()
      telling.works(what, what)
      return result
    } catch (error) {
      const isFinal = error instanceof TaggerError && error.code === 'batch-invalid'
      if (once || isFinal || signal.aborted) throw error
      telling.trouble(what, what, error)
    }
    await sleep(pause, signal)
    if (signal.aborted) throw new Exit(0)
  }
}

function sleep(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1_000)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
