import { createChoresThread } from '@tagger/node/chores-thread'
import { nativeCrypto } from '@tagger/node/crypto'
import { type Hex, identifyBundle, TaggerError, type Verdict, verifyCampaign } from '@tagger/protocol'
import { createTagger, deploymentOf, readChainFacts, type Tagger } from '@tagger/sdk'
import { Command } from 'commander'
import { createPublicClient, http, type PublicClient } from 'viem'
import { createVoice, EXIT, Exit, type Voice } from '../output.ts'
import { defaultNodeUrl } from '../settings.ts'
import { downloadBundles, oneAtATime, readBundles } from './bundles.ts'

interface Options {
  node?: string
  rpc?: string
  json?: boolean
}

/** `tagger verify`: recomputes a campaign and compares it with the chain. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('Recompute results and payouts from signed records and compare them with the chain.')
    .argument('<source>', 'a bundle, a folder of bundles, or the address of a campaign or batch on a node')
    .option('--node <url>', 'node to ask for chain and contracts')
    .option('--rpc <url>', 'chain to believe, instead of the one the node names')
    .option('--json', 'one JSON line last')
    .action(async (source: string, options: Options) => {
      const voice = createVoice(options)
      const started = performance.now()
      const { verdict, records } = /^https?:\/\//.test(source)
        ? await verifyUrl(new URL(source), options, voice)
        : await verifyFiles(source, options, voice)
      const seconds = Math.round((performance.now() - started) / 10) / 100
      tellVerdict(verdict, voice, seconds)
      voice.result({ ...verdict, ...(verdict.ok ? {} : { records }), seconds })
      if (!verdict.ok) throw new Exit(EXIT.unsound)
    })
}

async function verifyFiles(path: string, options: Options, voice: Voice) {
  const { campaignId, deployment, count, bundles } = await readBundles(path)
  const client = await clientOf(options, deployment.chainId)
  const facts = await readChainFacts(client, deployment, campaignId, nativeCrypto)
  const headers = facts.headers.slice(0, count)
  if (headers.length < facts.headers.length) {
    voice.say(`The chain has ${facts.headers.length} final batches; verifying the first ${count}.`)
  }
  return await runVerify(oneAtATime(bundles), { ...facts, headers }, voice)
}

async function verifyUrl(url: URL, options: Options, voice: Voice) {
  const tagger = createTagger({ url: options.node ?? url.origin, rpcUrl: options.rpc })
  const campaignId = await campaignOf(url, tagger)
  const chain = await tagger.chain()
  const deployment = deploymentOf(chain.network)
  const facts = await readChainFacts(chain.client, deployment, campaignId, nativeCrypto)
  if (facts.headers.length === 0) throw new TaggerError('not-found', 'This campaign has no final batch yet')
  return await runVerify(oneAtATime(downloadBundles(tagger.api, facts.headers)), facts, voice)
}

/** Runs the protocol's verification with native cryptography and a bar. */
export async function runVerify(
  bundles: Parameters<typeof verifyCampaign>[0],
  facts: Parameters<typeof verifyCampaign>[1],
  voice: Voice,
): Promise<{ verdict: Verdict; records: number }> {
  let records = 0
  const progress = voice.progress('records', 1)
  const end = new AbortController()
  const verdict = await verifyCampaign(bundles, facts, {
    crypto: nativeCrypto,
    // Of a single batch there is nothing to read meanwhile.
    ...(facts.headers.length > 1 && { elsewhere: createChoresThread(end.signal) }),
    onProgress({ done, total }) {
      records = done
      progress.update(done, total)
    },
  }).finally(() => end.abort())
  progress.end()
  return { verdict, records: verdict.ok ? verdict.records : records }
}

/** The verdict in words. */
export function tellVerdict(verdict: Verdict, voice: Voice, seconds: number): void {
  if (verdict.ok) {
    const erased = verdict.erased > 0 ? `, ${verdict.erased} erased` : ''
    voice.say(
      `Holds: ${verdict.records} records${erased} of ${verdict.workers} workers lead to the ${verdict.items} results ` +
        `and the payouts on chain (${verdict.batches} batches, ${seconds} s).`,
    )
    return
  }
  const { batch, ...place } = verdict.at
  const where = Object.entries(place).map(([name, value]) => `${name} ${value}`)
  voice.say(`Does NOT hold: ${verdict.message} (${verdict.code}).`)
  voice.say(`  at batch ${batch}${where.length > 0 ? `, ${where.join(', ')}` : ''}`)
}

async function clientOf(options: Options, chainId: number): Promise<PublicClient> {
  const client =
    options.rpc !== undefined
      ? (createPublicClient({ transport: http(options.rpc) }) as PublicClient)
      : (await createTagger({ url: options.node ?? defaultNodeUrl() }).chain()).client
  const actual = await client.getChainId()
  if (actual !== chainId) {
    throw new TaggerError('bad-request', `The bundle belongs to chain ${chainId}, this is chain ${actual}`, {
      hints: ['Name the right chain with --rpc.'],
    })
  }
  return client
}

/** The campaign an address names, by itself or by one of its batches. */
async function campaignOf(url: URL, tagger: Tagger): Promise<Hex> {
  const hash = /0x[0-9a-f]{64}/.exec(url.href)?.[0] as Hex | undefined
  if (hash === undefined) {
    throw new TaggerError('bad-request', `${url.href} names no campaign and no batch`, {
      hints: ['Copy the address of a campaign’s page, or of a bundle.'],
    })
  }
  if (!/batch/.test(url.pathname)) return hash
  const response = await tagger.api.getBundle({ params: { hash } })
  return identifyBundle(new Uint8Array(await response.arrayBuffer()), nativeCrypto).campaignId
}
