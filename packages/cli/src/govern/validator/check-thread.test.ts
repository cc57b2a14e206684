import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ChainFacts, Hex } from '@tagger/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createCheckThread } from './check-thread.ts'

const hash: Hex = `0x${'11'.repeat(32)}`
const address: Hex = `0x${'22'.repeat(20)}`
const facts: ChainFacts = {
  deployment: { chainId: 31337, campaigns: address },
  terms: {
    ...{ requester: address, operator: address, receiptKey: address, token: address, specHash: hash },
    ...{ basePay: 1n, floorPay: 1n, operatorFeeBps: 0, protocolFeeBps: 0, contributorsBps: 0 },
    ...{ deadline: 1, grace: 1, challengeWindow: 10, nonce: 0n },
  },
  headers: [
    {
      ...{ campaignId: hash, previous: `0x${'00'.repeat(32)}`, index: 0, cutAt: 1, bundle: hash },
      ...{ recordsRoot: hash, resultsRoot: hash, payoutsRoot: hash, payoutsTotal: 0n, state: hash },
      closing: false,
    },
  ],
}

let folder: string
const servers: Server[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-checks-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  await rm(folder, { recursive: true, force: true })
})

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('neither a node without the bytes, nor other bytes, nor endless ones, nor silence stop the next check', {
  timeout: 120_000,
}, async () => {
  const thread = createCheckThread()
  const check = async (urls: string[], seconds: number) =>
    await thread.check({ facts, urls, folder, mostBytes: 2_000_000 }, seconds)
  try {
    const absent = await serve((_, response) => response.writeHead(404).end())
    const other = await serve((_, response) => response.end('not a bundle'))
    const endless = await serve((_, response) => {
      const more = () => {
        if (!response.destroyed) response.write(Buffer.alloc(100_000), () => setImmediate(more))
      }
      more()
    })
    const silent = await serve(() => undefined)

    const refused = await check([absent, other, endless, 'http://127.0.0.1:9'], 60)
    expect(refused.kind).toBe('unchecked')
    const { reason } = refused as { reason: string }
    expect(reason).toMatch(
      /^No bundle of batch 0 \(.*does not have it; .*not a CAR file; .*2 MB.*; .*does not answer\)$/,
    )

    expect(await check([silent], 1)).toEqual({ kind: 'unchecked', reason: 'Not checked within 1 s' })
    expect(await check([absent], 60)).toMatchObject({
      kind: 'unchecked',
      reason: expect.stringContaining('does not have it'),
    })
    expect(await readdir(join(folder, hash))).toEqual([])
  } finally {
    thread.end()
  }
})
