import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

const MAIN = join(import.meta.dirname, 'main.ts')

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-bench-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Runs `npm run bench -- …` without npm: what it prints and how it ends. */
function bench(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr })
    })
  })
}

/** Three workers and ten questions; the third worker is always wrong. */
async function writeSet(name: string): Promise<void> {
  const items = Array.from({ length: 10 }, (_, i) => i)
  const labels = items.flatMap((i) =>
    ['a', 'b', 'c'].map((who) => `${who},t${i},${who === 'c' ? 1 - (i % 2) : i % 2}`),
  )
  await mkdir(join(folder, name))
  await writeFile(join(folder, name, 'dataset.json'), JSON.stringify({ name, kind: 'categorical' }))
  await writeFile(join(folder, name, 'labels.csv'), `worker,task,label\n${labels.join('\n')}\n`)
  await writeFile(
    join(folder, name, 'truth.csv'),
    `task,label\n${items.map((i) => `t${i},${i % 2}`).join('\n')}\n`,
  )
}

test('accuracy of any folder of sets, one JSON line last', async () => {
  await writeSet('three')
  const { code, stdout } = await bench(
    'accuracy',
    '--data',
    folder,
    '--results',
    join(folder, 'results'),
    '--json',
  )
  expect(code).toBe(0)
  const { sets, mean } = JSON.parse(stdout.trim().split('\n').at(-1)!)
  expect(sets).toMatchObject([{ name: 'three', kind: 'categorical', labels: 30, majority: 1, auto: 1 }])
  expect(mean).toMatchObject({ majority: 1, auto: 1 })
})

test('an unknown name tells the known ones, an empty folder what is missing', async () => {
  const unknown = await bench('speed')
  expect(unknown.code).toBe(1)
  expect(unknown.stderr).toMatch(/accuracy.*consensus.*incentives.*intake.*redundancy.*suspicion.*verify/)
  for (const name of ['accuracy', 'suspicion']) {
    const empty = await bench(name, '--data', join(folder, 'nowhere'))
    expect(empty.code).toBe(1)
    expect(empty.stderr).toContain('There is no data set')
    expect(empty.stderr).not.toContain('    at ')
  }
})

test('an option a benchmark does not have is one line, not a stack', async () => {
  const { code, stderr } = await bench('consensus', '--speed')
  expect(code).toBe(1)
  expect(stderr).toMatch(/^consensus: Unknown option '--speed'/)
  expect(stderr).not.toContain('    at ')
})
