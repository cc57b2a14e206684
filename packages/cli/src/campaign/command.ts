import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { nativeCrypto } from '@tagger/node/crypto'
import { type Hex, TaggerError } from '@tagger/protocol'
import { createTagger, type Tagger, type Token, tokenOf } from '@tagger/sdk'
import { folderStore } from '@tagger/sdk/folder-store'
import { Command } from 'commander'
import { parseUnits } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { createVoice } from '../output.ts'
import { money } from '../replay/report.ts'
import { defaultNodeUrl, readKey, receiptsFolder, wholeNumber } from '../settings.ts'

/** What every command takes that acts for an account. */
export interface Shared {
  node: string
  key?: string
  json?: boolean
}

const MEDIA_TYPES: Record<string, string> = {
  '.csv': 'text/csv',
  '.jsonl': 'application/x-ndjson',
  '.ndjson': 'application/x-ndjson',
  '.txt': 'text/plain',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.gif': 'image/gif',
}

/** `tagger campaign create | status | export | close`. */
export function campaignCommand(): Command {
  const command = new Command('campaign').description('Campaigns of the account in TAGGER_KEY.')
  const shared = (name: string, about: string) => withShared(command.command(name)).description(about)
  shared('create', 'Open a campaign over items in files.')
    .requiredOption('--title <text>', 'what it is called')
    .requiredOption('--question <text>', 'what is asked about each item')
    .requiredOption('--labels <list>', 'answers to choose from, separated by commas')
    .requiredOption('--files <path...>', 'CSV, JSONL, texts or images')
    .option('--show <key>', 'column that is shown')
    .option('--gold-column <name>', 'column that holds known answers')
    .option('--pay <amount>', 'for one answer, in whole tokens', '0.02')
    .option('--token <symbol>', 'what is paid in')
    .option('--answers <count>', 'asked per item', wholeNumber('--answers', 100), 3)
    .action(create)
  shared('status', 'Show how far a campaign is.').argument('<id>').action(status)
  shared('export', 'Write the final results to a file.')
    .argument('<id>')
    .option('--format <format>', 'jsonl or csv', 'jsonl')
    .option('--out <file>', 'instead of the standard output')
    .action(exportResults)
  shared('close', 'End the intake of new work; what was accepted is still settled and paid.')
    .argument('<id>')
    .action(close)
  return command
}

/** Gives a command the options of {@link Shared}. */
export function withShared(command: Command): Command {
  return command
    .exitOverride()
    .option('--node <url>', 'node to talk to', defaultNodeUrl())
    .option('--key <hex>', 'private key of the account, instead of TAGGER_KEY')
    .option('--json', 'one JSON line last')
}

interface CreateOptions extends Shared {
  title: string
  question: string
  labels: string
  files: string[]
  show?: string
  goldColumn?: string
  pay: string
  token?: string
  answers: number
}

async function create(options: CreateOptions): Promise<void> {
  const voice = createVoice(options)
  const tagger = connect(options)
  const files = await Promise.all(options.files.map(readItemFile))
  const isImages = files.every(({ mediaType }) => mediaType.startsWith('image/'))
  const token = tokenOf(await tagger.network(), options.token)
  const basePay = amountOf(options.pay, token)
  const campaign = await tagger.createCampaign({
    spec: {
      title: options.title,
      question: options.question,
      labels: options.labels.split(',').map((label) => label.trim()),
      show: options.show,
      modality: isImages ? 'image' : 'text',
      redundancy: { min: options.answers, max: options.answers + 2, targetConfidence: 900_000 },
    },
    files,
    goldColumn: options.goldColumn,
    token: token.address,
    basePay,
    onStep: (step, detail) => voice.say(`  ${step}: ${detail}`),
  })
  voice.say(`Open: ${options.node}/campaigns/${campaign.id}`)
  voice.result({ id: campaign.id })
}

async function status(id: string, options: Shared): Promise<void> {
  const voice = createVoice(options)
  const campaign = createTagger({ url: options.node }).campaign(hexId(id))
  const [document, { items }] = await Promise.all([campaign.read(), campaign.progress()])
  const { token } = document
  const amount = (value: bigint) => `${money(value, token.decimals)} ${token.symbol}`
  voice.say(`${document.title}: ${document.status}`)
  voice.say(
    `  items     ${document.items}: ${items.settled} settled, ${items.inBatch} in a batch, ${items.ready} ready`,
  )
  voice.say(`  records   ${document.records} by ${document.workers} people`)
  voice.say(`  funded    ${amount(document.money.funded)}, paid ${amount(document.money.claimed)}`)
  voice.say(`  available ${amount(document.money.available)}`)
  voice.result({
    id: document.id,
    status: document.status,
    items,
    records: document.records,
    workers: document.workers,
    money: document.money,
  })
}

async function exportResults(id: string, options: Shared & { format: string; out?: string }): Promise<void> {
  if (options.format !== 'jsonl' && options.format !== 'csv') {
    throw new TaggerError('bad-request', `Unknown format "${options.format}"`, {
      hints: ['Known: jsonl, csv.'],
    })
  }
  const response = await connect(options).campaign(hexId(id)).export(options.format)
  const source = Readable.fromWeb(response.body as never)
  if (options.out === undefined) {
    for await (const part of source) process.stdout.write(part)
  } else {
    await pipeline(source, createWriteStream(options.out))
    createVoice(options).result({ file: options.out })
  }
}

async function close(id: string, options: Shared): Promise<void> {
  const voice = createVoice(options)
  const { transactionHash } = await connect(options).campaign(hexId(id)).close()
  voice.say(`Closing: ${transactionHash}`)
  voice.result({ id, transaction: transactionHash })
}

/** A client for the account of a command. */
export function connect({ node, key }: Shared): Tagger {
  const wallet = privateKeyToAccount(readKey(key))
  return createTagger({ url: node, wallet, crypto: nativeCrypto, kept: folderStore(receiptsFolder()) })
}

async function readItemFile(path: string) {
  const mediaType = MEDIA_TYPES[extname(path).toLowerCase()]
  if (mediaType === undefined) {
    throw new TaggerError('unsupported-type', `${path} is of no known kind`, {
      hints: [`Known endings: ${Object.keys(MEDIA_TYPES).join(' ')}`],
    })
  }
  const bytes = await readFile(path).catch((cause) => {
    throw new TaggerError('not-found', `${path} cannot be read`, { cause })
  })
  return { name: basename(path), mediaType, bytes: new Uint8Array(bytes) }
}

function amountOf(text: string, { decimals, symbol }: Token): bigint {
  const digits = /^\d+(?:\.(\d+))?$/.exec(text)
  if (digits !== null && (digits[1] ?? '').length <= decimals) return parseUnits(text, decimals)
  throw new TaggerError('bad-request', `--pay must be an amount of ${symbol}, not "${text}"`, {
    hints: [`Such as 0.02, with at most ${decimals} digits after the point.`],
  })
}

/** The id of a campaign from the command line. */
export function hexId(id: string): Hex {
  if (/^0x[0-9a-f]{64}$/.test(id)) return id as Hex
  throw new TaggerError('bad-request', `"${id}" is not the id of a campaign`, {
    hints: ['It is 0x and 64 hex digits, in the address of the campaign’s page.'],
  })
}
