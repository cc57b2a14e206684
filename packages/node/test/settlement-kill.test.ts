import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { openPostgres } from '../src/db/postgres.ts'
import { sql } from '../src/db/sql.ts'
import { openAlarms } from '../src/network/alarms.ts'
import { reconcile } from '../src/network/reconciliation.ts'
import { type RunningNode, startNode } from '../src/start.ts'
import { randomAccount } from './harness.ts'
import {
  approveCall,
  batchesOf,
  campaignCall,
  claimAllCall,
  dollarsOf,
  openCall,
  sendCall,
  until,
  verifyStaged,
} from './settle/on-chain.ts'
import { StagedCampaign } from './settle/staged-campaign.ts'
import { putChain, putDatabase } from './templates.ts'

// After how many milliseconds of work each run is killed: while it cuts, proposes, waits, finalizes.
const KILLS = [0, 300, 900, 2_500]
const FUNDS = 200_000_000n
const folder = mkdtempSync(join(tmpdir(), 'tagger-kill-'))
const payer = randomAccount()
let running: RunningNode | null = null
let child: ChildProcess | null = null

let databaseUrl: string | null = null
let dropDatabase = async () => {}

const start = () =>
  startNode(loadConfig({}, { dataFolder: folder, port: 0, chainPort: 0, logLevel: 'silent', databaseUrl }))

beforeAll(async () => {
  const server = process.env.TEST_DATABASE_URL
  if (server) {
    const admin = await openPostgres(server, { connections: 1 })
    const own = new URL(server)
    own.pathname = `/kill_${process.pid}`
    await admin.script(`create database kill_${process.pid}`)
    databaseUrl = own.href
    dropDatabase = async () => {
      await admin.script(`drop database kill_${process.pid} with (force)`)
      await admin.close()
    }
  }
  await putDatabase(folder)
  await putChain(folder)
  running = await start()
}, 300_000)
afterAll(async () => {
  child?.kill('SIGKILL')
  await running?.close()
  await dropDatabase()
  rmSync(folder, { recursive: true, force: true })
})

async function killAfter(milliseconds: number): Promise<void> {
  const program = fileURLToPath(new URL('./settle/killed-node.ts', import.meta.url))
  child = spawn(process.execPath, [program, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH, ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }) },
  })
  const [said] = (await once(child.stdout!, 'data')) as [Buffer]
  expect(said.toString()).toBe('ready\n')
  await wait(milliseconds)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

test('a node killed again and again in the middle of settlement pays everybody once', async () => {
  const staged = await stage(running!)
  await running!.close()
  running = null
  for (const milliseconds of KILLS) await killAfter(milliseconds)

  running = await start()
  const { node } = running
  const campaigns = staged.map((campaign) => campaign.movedTo(node))
  for (const campaign of campaigns) {
    await until('a final batch', async () =>
      (await batchesOf(campaign)).some(({ status }) => status === 'final'),
    )
    expect((await batchesOf(campaign)).map(({ status }) => status)).toEqual(['final'])
    const items = campaign.items.length
    expect(await verifyStaged(campaign)).toMatchObject({ ok: true, items, records: 3 * items })
    await sendCall(node, payer.privateKey, await claimAllCall(campaign))
    for (const { account } of campaign.workers) {
      const [owed] = await node.db.query<{ amount: string }>(
        sql`select amount from payouts where campaign_id = ${campaign.id} and account = ${account}`,
      )
      expect(await dollarsOf(node, account)).toBe(BigInt(owed!.amount))
    }
  }
  await until('an empty outbox', async () => {
    const rows = await node.db.query(sql`select id from outbox where state <> 'mined'`)
    const fees = await node.db.query(sql`select id from outbox where purpose = 'fees'`)
    return rows.length === 0 && fees.length === 1
  })
  expect((await reconcile(node)).map(({ isEqual }) => isEqual)).toEqual([true, true])
  expect(await openAlarms(node.db)).toEqual([])
}, 300_000)

/** One campaign that settles and goes on, one that closes; both with all their work done. */
async function stage({ node }: RunningNode): Promise<StagedCampaign[]> {
  const { campaigns: escrow } = node.chain.contracts
  await node.chain.faucet!(payer.account)
  await sendCall(node, payer.privateKey, approveCall(node, escrow, 2n * FUNDS))
  const staged = [40, 120].map(
    (items) => new StagedCampaign(node, { items, terms: { requester: payer.account } }),
  )
  for (const campaign of staged) {
    await campaign.accept()
    await sendCall(node, payer.privateKey, openCall(campaign, FUNDS))
    await until('the campaign', async () => {
      const rows = await node.db.query(sql`select 1 from campaigns where id = ${campaign.id}`)
      return rows.length > 0
    })
    await campaign.answer(campaign.items)
  }
  await sendCall(node, payer.privateKey, campaignCall(staged[1]!, 'close'))
  return staged
}
