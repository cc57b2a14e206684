import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from '@tagger/protocol'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keyOf } from '../src/wallets.ts'
import { runTagger } from './run-tagger.ts'
import { startTestNetwork, type TestNetwork } from './start-network.ts'

// Real nodes and processes: slow on a busy machine, never wrong for it.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let network: TestNetwork
let folder: string
let key: Hex

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-commands-'))
  network = await startTestNetwork()
  await network.rich('owner')
  key = keyOf('test', 'owner')
}, 300_000)

afterAll(async () => {
  await network?.close()
  await rm(folder, { recursive: true, force: true })
})

test('pay is read in the token it is paid in, whatever the case of its name', async () => {
  const file = join(folder, 'one.csv')
  await writeFile(file, 'text\nmoon\n')
  const env = { TAGGER_KEY: key, TAGGER_URL: network.url }
  const words = ['--title', 'Mood', '--question', 'How?', '--labels', 'good, bad', '--files', file]
  const create = (token: string, pay: string) =>
    runTagger(['campaign', 'create', ...words, '--token', token, '--pay', pay], { env })
  expect((await create('tusd', 'abc')).stderr).toContain('--pay must be an amount of tUSD, not "abc"')
  expect((await create('TUSD', '0.0000001')).stderr).toContain('at most 6 digits')
  expect((await create('tag', '0.0000000000000000001')).stderr).toContain('at most 18 digits')
  expect((await create('nope', '1')).stderr).toContain('This network has no token "nope"')
})

test('create, status, close, export and verify a campaign', { timeout: 300_000 }, async () => {
  const file = join(folder, 'posts.csv')
  await writeFile(file, 'text\nmoon\nrug\nmoon again\n')
  const env = { TAGGER_KEY: key, TAGGER_URL: network.url }
  const question = ['--title', 'Mood', '--question', 'How?', '--labels', 'good, bad', '--answers', '2']
  const created = await runTagger(['campaign', 'create', ...question, '--files', file, '--json'], { env })
  expect(created.code, created.stderr).toBe(0)
  const { id } = created.json()

  for (const name of ['a', 'b']) {
    const worker = await network.member(name).work(id)
    const { assignments } = await worker.lease(10)
    await worker.answerMany(
      assignments.map((task) => ({ task, answer: task.data.text!.includes('moon') ? 'good' : 'bad' })),
    )
    await worker.flush()
  }
  const status = await runTagger(['campaign', 'status', id, '--json'], { env })
  expect(status.json()).toMatchObject({ id, status: 'open', records: 6, workers: 2 })

  expect((await runTagger(['campaign', 'close', id], { env })).code).toBe(0)
  await network.member('owner').campaign(id).waitFor('closed', 240)
  const exported = await runTagger(['campaign', 'export', id, '--format', 'csv'], { env })
  expect(exported.stdout.split('\n').filter((line) => /moon|rug/.test(line))).toHaveLength(3)

  const verified = await runTagger(['verify', `${network.url}/campaigns/${id}`, '--json'])
  expect(verified.code, verified.stderr).toBe(0)
  expect(verified.json()).toMatchObject({ ok: true, records: 6, items: 3, workers: 2 })

  const [batch] = await network.member('owner').campaign(id).batches()
  const bundle = await network.member('a').api.getBundle({ params: { hash: batch!.hash } })
  const car = new Uint8Array(await bundle.arrayBuffer())
  const whole = join(folder, 'batch-0.car')
  await writeFile(whole, car)
  const fromFile = await runTagger(['verify', whole, '--node', network.url, '--json'])
  expect(fromFile.json()).toMatchObject({ ok: true, records: 6 })

  // One byte of a payload at the end of the file.
  car[car.length - 10]! ^= 1
  const broken = join(folder, 'broken.car')
  await writeFile(broken, car)
  const refused = await runTagger(['verify', broken, '--node', network.url, '--json'])
  expect(refused.code, refused.stderr).toBe(3)
  expect(refused.json()).toMatchObject({ ok: false, at: { batch: 0 } })
})

test('a file that is no bundle is refused in words', async () => {
  const file = join(folder, 'poem.car')
  await writeFile(file, 'roses are red')
  const ran = await runTagger(['verify', file, '--node', network.url])
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain('cannot be read')
  expect(ran.stderr).not.toContain('    at ')
})

test('a command that acts needs a key and says so', async () => {
  const ran = await runTagger(['campaign', 'close', `0x${'00'.repeat(32)}`], { env: { TAGGER_KEY: '' } })
  expect(ran.code).toBe(1)
  expect(ran.stderr).toContain('TAGGER_KEY')
})

test('doctor tells what is embedded and finds a taken port', async () => {
  const env = { TAGGER_DATA: join(folder, 'none'), PORT: new URL(network.url).port }
  const ran = await runTagger(['doctor', '--json'], { env })
  expect(ran.code).toBe(1)
  const { ok, findings } = ran.json()
  expect(ok).toBe(false)
  expect(findings).toContainEqual(expect.objectContaining({ name: 'port', level: 'bad' }))
  expect(findings).toContainEqual(expect.objectContaining({ name: 'chain', level: 'ok' }))
})

test('doctor names a database address that cannot be one, and shows one that can', async () => {
  const env = { TAGGER_DATA: join(folder, 'none'), DATABASE_URL: 'foo' }
  const { code, stderr } = await runTagger(['doctor'], { env })
  expect(code).toBe(1)
  expect(stderr).toMatch(/DATABASE_URL: expected a URL as postgresql:/)
})

test('reset removes the data folder, and only with a yes', async () => {
  const data = join(folder, 'data')
  await writeFile(join(folder, 'beside'), '')
  const env = { TAGGER_DATA: data }
  expect((await runTagger(['reset', '--yes'], { env })).stdout).toContain('nothing at')
  await rm(data, { recursive: true, force: true })
  const { mkdir, access } = await import('node:fs/promises')
  await mkdir(data)
  await runTagger(['reset'], { env })
  await access(data)
  expect((await runTagger(['reset', '--yes'], { env })).code).toBe(0)
  await expect(access(data)).rejects.toThrow()
  await access(join(folder, 'beside'))
})
