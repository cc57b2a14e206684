import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DatabaseAdapter } from '../../src/db/adapter.ts'
import { migrate, migrationOf, readMigrations } from '../../src/db/migrate.ts'
import { json, sql } from '../../src/db/sql.ts'
import { createTestDatabase } from '../harness.ts'

let db: DatabaseAdapter
let drop: () => Promise<void>
beforeAll(async () => {
  ;({ db, drop } = await createTestDatabase())
})
afterAll(() => drop())

test('gives every type back as rooms expect it', async () => {
  const [row] = await db.query(sql`
    select ${new Uint8Array([0, 255])}::bytea as bytes, ${10n ** 70n}::numeric(78, 0) as amount,
      ${json([1, { a: 2n }])}::jsonb as list, ${{ b: 'c' }}::jsonb as object, ${7}::bigint as small,
      ${2n ** 60n}::bigint as large, ${new Date(1000)}::timestamptz as time, ${true}::boolean as yes,
      ${[1, 2]}::bigint[] as numbers, ${['a"b\\', null, 'NULL', '']}::text[] as texts,
      ${[new Uint8Array([1, 255])]}::bytea[] as many, ${null}::text as nothing, count(*)::int as one`)
  expect(row).toEqual({
    bytes: new Uint8Array([0, 255]),
    amount: `1${'0'.repeat(70)}`,
    list: [1, { a: '2' }],
    object: { b: 'c' },
    small: 7,
    large: 2n ** 60n,
    time: new Date(1000),
    yes: true,
    numbers: [1, 2],
    texts: ['a"b\\', null, 'NULL', ''],
    many: [new Uint8Array([1, 255])],
    nothing: null,
    one: 1,
  })
})

test('splices statements and numbers their parameters', async () => {
  const inner = sql`${2}::int + ${3}::int`
  const [row] = await db.query<{ sum: number }>(sql`select ${1}::int + (${inner}) + ${4}::int as sum`)
  expect(row!.sum).toBe(10)
})

test('rolls back what throws, the inner transaction alone', async () => {
  await db.script('create table kept (n int)')
  await db.transaction(async (tx) => {
    await tx.query(sql`insert into kept values (1)`)
    const inner = tx.transaction(async (deeper) => {
      await deeper.query(sql`insert into kept values (2)`)
      throw new Error('no')
    })
    await expect(inner).rejects.toThrow('no')
  })
  const outer = db.transaction(async (tx) => {
    await tx.query(sql`insert into kept values (3)`)
    throw new Error('never')
  })
  await expect(outer).rejects.toThrow('never')
  expect(await db.query(sql`select n from kept`)).toEqual([{ n: 1 }])
})

test('keeps other queries out of a running transaction', async () => {
  await db.script('create table counted (n int); insert into counted values (0)')
  const add = () =>
    db.transaction(async (tx) => {
      const [row] = await tx.query<{ n: number }>(sql`select n from counted for update`)
      await new Promise((resolve) => setTimeout(resolve, 1))
      await tx.query(sql`update counted set n = ${row!.n + 1}`)
    })
  await Promise.all(Array.from({ length: 20 }, add))
  expect(await db.query(sql`select n from counted`)).toEqual([{ n: 20 }])
})

test('refuses a query that would wait for its own transaction', async () => {
  const stuck = db.transaction(() => db.query(sql`select 1`))
  await expect(stuck).rejects.toThrow('use only the handle it gives')
  await expect(db.query(sql`select 1 as one`)).resolves.toEqual([{ one: 1 }])
})

test('migrates once, and says so when a migration has changed', async () => {
  await db.script('drop schema public cascade; create schema public')
  await migrate(db)
  await migrate(db)
  const [first, ...later] = readMigrations()
  const applied = await db.query<{ name: string }>(sql`select name from migrations order by name`)
  expect(applied.map(({ name }) => name)).toEqual([first, ...later].map((each) => each!.name))
  const changed = [migrationOf(first!.name, `${first!.text}\nselect 1;`)]
  await expect(migrate(db, changed)).rejects.toMatchObject({
    code: 'conflict',
    hints: expect.arrayContaining([expect.stringContaining('npm run reset')]),
  })
  await expect(migrate(db, [])).rejects.toMatchObject({ code: 'conflict' })
})

test('applies nothing of a migration that fails', async () => {
  const good = readMigrations()
  const broken = [...good, migrationOf('9999-broken.sql', 'create table half (n int); select nonsense;')]
  await expect(migrate(db, broken)).rejects.toThrow()
  expect(await db.query(sql`select to_regclass('half') as half`)).toEqual([{ half: null }])
})
