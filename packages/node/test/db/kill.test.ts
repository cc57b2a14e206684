import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openPglite } from '../../src/db/pglite.ts'
import { sql } from '../../src/db/sql.ts'
import { putDatabase } from '../templates.ts'

const adapter = new URL('../../src/db/pglite.ts', import.meta.url).href
const statements = new URL('../../src/db/sql.ts', import.meta.url).href

test('what was acknowledged survives SIGKILL', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tagger-kill-'))
  await putDatabase(home)
  const folder = join(home, 'database')
  const script = `
    const { openPglite } = await import(${JSON.stringify(adapter)})
    const { sql } = await import(${JSON.stringify(statements)})
    const db = await openPglite(${JSON.stringify(folder)})
    await db.script('create table kept (n int)')
    for (let n = 1; ; n++) {
      await db.transaction((tx) => tx.query(sql\`insert into kept values (\${n})\`))
      process.stdout.write(n + '\\n')
    }`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk) => {
    out += chunk
    if (out.length > 1000) child.kill('SIGKILL')
  })
  await once(child, 'exit')
  const acknowledged = Number(out.trim().split('\n').at(-1))
  expect(acknowledged).toBeGreaterThan(100)
  const db = await openPglite(folder)
  const [row] = await db.query<{ n: number }>(sql`select count(*) as n from kept`)
  expect(row!.n).toBeGreaterThanOrEqual(acknowledged)
  await db.close()
  rmSync(home, { recursive: true })
}, 300_000)
