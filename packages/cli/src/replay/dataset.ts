import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { compareCodePoints, TaggerError } from '@tagger/protocol'
import { datasetsFolder } from '../settings.ts'
import type { Crowd } from './crowd.ts'

/** Reads a folder with labels.csv (worker, task, label), truth.csv (task, label) and maybe items.jsonl. */
export async function readCrowd(data: string): Promise<Crowd> {
  const folder = findFolder(data)
  const name = basename(folder)
  const rows = (await readCsv(join(folder, 'labels.csv'), ['worker', 'task', 'label'])).map(
    ([worker, task, label]) => ({ worker: worker!, task: task!, label: label! }),
  )
  const truth = new Map(
    (await readCsv(join(folder, 'truth.csv'), ['task', 'label'])).map(([task, label]) => [task!, label!]),
  )
  const labels = [...new Set([...rows.map(({ label }) => label), ...truth.values()])].sort(byNumberThenText)
  const names = [...new Set(rows.map(({ task }) => task))].sort(byNumberThenText)
  const pairs = await readPairs(join(folder, 'items.jsonl'))
  const tasks = names.map((task) => ({
    task,
    data: { task, ...(pairs?.get(task) ?? { text: `Item ${task}` }) },
  }))
  return {
    name,
    title: pairs === null ? `Replay of ${name}` : `Same product? (${name})`,
    labelingConfig: pairs === null ? plainConfig(labels) : pairConfig(labels),
    labels,
    tasks,
    rows,
    truth,
  }
}

function findFolder(data: string): string {
  const candidates = [resolve(data), join(datasetsFolder(), 'crowd', data)]
  const found = candidates.find((folder) => existsSync(join(folder, 'labels.csv')))
  if (found !== undefined) return found
  throw new TaggerError('not-found', `There is no crowd data at ${data}`, {
    hints: [
      `Looked for labels.csv in ${candidates.join(' and ')}.`,
      'Without --data the replay makes its own crowd.',
    ],
  })
}

async function readCsv(path: string, columns: readonly string[]): Promise<string[][]> {
  const text = await readFile(path, 'utf8')
  const [header, ...lines] = text.split(/\r?\n/).filter((line) => line !== '')
  if (header !== columns.join(',')) {
    throw new TaggerError('bad-request', `${path} must begin with the line "${columns.join(',')}"`)
  }
  return lines.map((line, index) => {
    const cells = line.split(',')
    if (cells.length !== columns.length) {
      throw new TaggerError('bad-request', `${path}, line ${index + 2}: expected ${columns.length} cells`)
    }
    return cells
  })
}

/** The two products of each task as one text each; null without the file. */
async function readPairs(path: string): Promise<Map<string, { a: string; b: string }> | null> {
  if (!existsSync(path)) return null
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '')
  return new Map(
    lines.map((line) => {
      const { task, a, b } = JSON.parse(line)
      return [String(task), { a: describe(a), b: describe(b) }]
    }),
  )
}

function describe({ name = '', description = '', price = '' }: Record<string, string>): string {
  return [name, description, price].filter((part) => part !== '').join(' · ')
}

function pairConfig(labels: readonly string[]): string {
  const words: Record<string, string> = { '0': 'Different products', '1': 'Same product' }
  return [
    '<View>',
    '  <Header value="Are these the same product?"/>',
    '  <Text name="task" value="$task"/>',
    '  <Text name="a" value="$a"/>',
    '  <Text name="b" value="$b"/>',
    '  <Choices name="same" toName="a" choice="single">',
    ...labels.map((label) => `    <Choice alias="${label}" value="${words[label] ?? label}"/>`),
    '  </Choices>',
    '</View>',
  ].join('\n')
}

function plainConfig(labels: readonly string[]): string {
  return [
    '<View>',
    '  <Header value="Which label fits?"/>',
    '  <Text name="task" value="$task"/>',
    '  <Text name="text" value="$text"/>',
    '  <Choices name="label" toName="text" choice="single">',
    ...labels.map((label) => `    <Choice value="${label}"/>`),
    '  </Choices>',
    '</View>',
  ].join('\n')
}

function byNumberThenText(a: string, b: string): number {
  const [x, y] = [a, b].map((text) => Number(text.replace(/^[a-z]+/i, '')))
  return Number.isFinite(x!) && Number.isFinite(y!) && x !== y ? x! - y! : compareCodePoints(a, b)
}
