import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import { type Endpoint, endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createApp, type Room } from '../../src/app.ts'
import { routePath } from '../../src/http/router.ts'
import { EventStreams } from '../../src/http/stream.ts'
import { networkRoutes } from '../../src/network/routes.ts'
import { clientOf, createTestNode, randomAccount, type TestNode } from '../harness.ts'

const table: Record<string, Endpoint> = endpoints
let t: TestNode
let web: string
beforeAll(async () => {
  web = mkdtempSync(join(tmpdir(), 'tagger-web-'))
  mkdirSync(join(web, 'assets'))
  writeFileSync(join(web, 'index.html'), '<!doctype html><title>app</title>')
  writeFileSync(join(web, 'assets/app-1a2b.js'), 'export {}')
  writeFileSync(join(tmpdir(), 'outside.txt'), 'secret')
  t = await createTestNode({ config: { webFolder: web, maxUploadBytes: 1000, maxJsonBytes: 1000 } })
})
afterAll(async () => {
  await t.close()
  rmSync(web, { recursive: true })
})

/** The app with handlers of the test's own, on the same node. */
function appWith(room: Room, changes: Partial<TestNode['node']> = {}) {
  const node = { ...t.node, ...changes }
  return clientOf(createApp(node, [room]), node)
}

test('every endpoint of the table has a handler', () => {
  const hung = new Set(t.app.routes.map((route) => `${route.method} ${route.path}`))
  const missing = Object.entries(table).filter(
    ([, entry]) => !hung.has(`${entry.method} ${routePath(entry)}`),
  )
  expect(missing.map(([name]) => name)).toEqual([])
})

test('answers with what happened, newest first, with an ETag', async () => {
  t.node.activity.announce({ type: 'claimed', campaignId: null, data: { n: '1' } })
  t.node.activity.announce({ type: 'claimed', campaignId: null, data: { n: '2' } })
  const response = await t.request(endpoints.listActivity)
  const { data } = endpoints.listActivity.response.parse(await response.json())
  expect(data.map((entry) => entry.data.n)).toEqual(['2', '1'])
  const etag = response.headers.get('etag')!
  expect(etag).toMatch(/^W\//)
  const again = await t.request(endpoints.listActivity, { headers: { 'if-none-match': etag } })
  expect(again.status).toBe(304)
  expect(await again.text()).toBe('')
})

test('streams what happens, of one campaign when asked', async () => {
  const campaignId = `0x${'1'.repeat(64)}` as const
  const response = await t.request(endpoints.streamActivity, { query: { campaignId } })
  expect(response.headers.get('content-type')).toBe('text/event-stream')
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  await reader.read()
  t.node.activity.announce({ type: 'batch-final', campaignId: null, data: {} })
  t.node.activity.announce({ type: 'batch-final', campaignId, data: { n: '3' } })
  const { value } = await reader.read()
  expect(JSON.parse(/^data: (.*)$/m.exec(value!)![1]!)).toMatchObject({ campaignId, data: { n: '3' } })
  await reader.cancel()
})

test('opens no more streams than it can serve', () => {
  const streams = new EventStreams(2)
  const subscribe = () => () => {}
  streams.respond(subscribe)
  streams.respond(subscribe)
  expect(() => streams.respond(subscribe)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  streams.end()
  expect(streams.respond(subscribe).status).toBe(200)
  streams.end()
})

test('names each wrong field', async () => {
  const problem = await t.refusal(endpoints.listActivity, { query: { limit: 1000, campaignId: 'x' } })
  expect(problem).toMatchObject({ status: 400, code: 'bad-request' })
  expect(problem.data.fields).toEqual(['query.campaignId', 'query.limit'])
})

test('asks for a login where one is needed, and refuses unknown tokens everywhere', async () => {
  expect(await t.refusal(endpoints.listLicenses)).toMatchObject({ status: 401, code: 'unauthorized' })
  expect(await t.refusal(endpoints.listActivity, { token: 'made-up' })).toMatchObject({ status: 401 })
  const headers = { authorization: `Bearer ' or 1=1 --` }
  expect(await t.refusal(endpoints.listActivity, { headers })).toMatchObject({ status: 401 })
  const { account } = randomAccount()
  expect((await t.request(endpoints.listLicenses, { token: await t.tokenOf(account) })).status).toBe(200)
})

test('refuses bodies that are too large, not JSON, or of a type not taken', async () => {
  const token = await t.tokenOf(randomAccount().account)
  const body = { spec: { text: 'x'.repeat(2000) } }
  expect(await t.refusal(endpoints.createDraft, { token, body })).toMatchObject({ status: 413 })
  const headers = { 'content-type': 'text/html' }
  expect(await t.refusal(endpoints.createDraft, { token, headers })).toMatchObject({ status: 415 })
  const broken = await t.app.request(routePath(endpoints.createDraft), {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"spec":',
  })
  expect(broken.status).toBe(400)
  const params = { id: '01890a5d-ac96-774b-bcce-b302099a8057' }
  const upload = { bytes: new Uint8Array(1001), mediaType: 'image/png' }
  const query = { name: 'a.png' }
  expect(await t.refusal(endpoints.uploadItems, { token, params, query, upload })).toMatchObject({
    status: 413,
  })
  const foreign = { bytes: new Uint8Array(10), mediaType: 'application/zip' }
  const problem = await t.refusal(endpoints.uploadItems, { token, params, query, upload: foreign })
  expect(problem).toMatchObject({ status: 415, code: 'unsupported-type' })
})

test('stops reading an upload that turns out too large', async () => {
  let sent = 0
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 500
      controller.enqueue(new Uint8Array(500))
    },
  })
  const response = await t.app.request(
    `${routePath(endpoints.uploadItems).replace(':id', '01890a5d-ac96-774b-bcce-b302099a8057')}?name=a.png`,
    {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await t.tokenOf(randomAccount().account)}`,
        'content-type': 'image/png',
      },
      body,
      duplex: 'half',
    } as RequestInit,
  )
  expect(response.status).toBe(413)
  expect(sent).toBeLessThan(5000)
})

test('tells a problem with its hints, and nothing of an error it does not know', async () => {
  const known = appWith((routes) =>
    routes.on(endpoints.getNetwork, async () => {
      throw new TaggerError('campaign-underfunded', 'No money', {
        hints: ['Top up.'],
        data: { n: 10n ** 30n },
      })
    }),
  )
  const problem = await known.refusal(endpoints.getNetwork)
  expect(problem).toMatchObject({ status: 402, code: 'campaign-underfunded', hints: ['Top up.'] })
  expect(problem.data.n).toBe(`1${'0'.repeat(30)}`)
  const lines: unknown[] = []
  const log = { ...t.node.log, error: (_: string, fields?: Record<string, unknown>) => lines.push(fields) }
  const unknown = appWith(
    (routes) =>
      routes.on(endpoints.getNetwork, async () => {
        throw new Error('password is 123')
      }),
    { log },
  )
  const hidden = await unknown.request(endpoints.getNetwork)
  expect(hidden.status).toBe(500)
  expect(await hidden.text()).not.toContain('123')
  expect(lines).toMatchObject([{ id: hidden.headers.get('x-request-id') }])
})

test('text that cannot be kept is the caller’s fault, wherever it comes in', async () => {
  const token = await t.tokenOf(randomAccount().account)
  const cursor = Buffer.from(JSON.stringify([2 ** 53 - 1, '\0', 2 ** 40])).toString('base64url')
  for (const [endpoint, query] of [
    [endpoints.listDatasets, { search: 'a\0b' }],
    [endpoints.listDatasets, { cursor: '\0' }],
    [endpoints.listOwnRecords, { cursor }],
    [endpoints.listCampaigns, { cursor: Buffer.from('[1,"\\u0000"]').toString('base64url') }],
  ] as const) {
    expect(await t.refusal(endpoint, { token, query })).toMatchObject({ status: 400, code: 'bad-request' })
  }
})

test('a reply keeps a stricter policy of its own', async () => {
  const policy = "default-src 'none'; sandbox"
  const strict = appWith((routes) =>
    routes.on(
      endpoints.getNetwork,
      async () => new Response('', { headers: { 'content-security-policy': policy } }),
    ),
  )
  const response = await strict.request(endpoints.getNetwork)
  expect(response.headers.get('content-security-policy')).toBe(policy)
})

test('checks replies against the table when told to', async () => {
  const wrong = appWith((routes) => routes.on(endpoints.listActivity, async () => ({ data: [{}] }) as never))
  expect(await wrong.refusal(endpoints.listActivity)).toMatchObject({ status: 500 })
})

test('has no local operations on other networks', async () => {
  const chain = { ...t.node.chain, isLocal: false }
  const remote = appWith(networkRoutes, { chain })
  for (const [name, entry] of Object.entries(table).filter(([, entry]) => entry.access === 'local')) {
    const problem = await remote.refusal(entry, {
      body: { account: randomAccount().account, isRunning: true },
    })
    expect([name, problem.status]).toEqual([name, 404])
  }
  const headers = { origin: 'http://localhost:5173' }
  const response = await remote.request(endpoints.listActivity, { headers })
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
  expect(response.headers.get('strict-transport-security')).toBeTruthy()
})

test('limits logins by address, apart from one another', async () => {
  let now = new Date(0)
  const config = { ...t.node.config, loginsPerMinute: 2, trustProxy: true }
  const limited = appWith(
    (routes) =>
      routes.on(endpoints.createLoginChallenge, async () => ({
        message: '',
        expiresAt: new Date(0).toISOString(),
      })),
    { config, now: () => now },
  )
  const { account } = randomAccount()
  const from = (address: string) =>
    limited.request(endpoints.createLoginChallenge, {
      body: { account },
      headers: { 'x-forwarded-for': `6.6.6.6, ${address}` },
    })
  expect((await from('1.1.1.1')).status).toBe(200)
  expect((await from('1.1.1.1')).status).toBe(200)
  const refused = await from('1.1.1.1')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('30')
  expect((await from('2.2.2.2')).status).toBe(200)
  now = new Date(30_000)
  expect((await from('1.1.1.1')).status).toBe(200)
  expect((await from('1.1.1.1')).status).toBe(429)
})

test('lets apps of this machine call a local node, and no other origin', async () => {
  const preflight = (origin: string) =>
    t.app.request(routePath(endpoints.createDraft), { method: 'OPTIONS', headers: { origin } })
  const own = await preflight('http://localhost:5173')
  expect(own.status).toBe(204)
  expect(own.headers.get('access-control-allow-origin')).toBe('http://localhost:5173')
  for (const origin of ['https://evil.example', 'http://localhost.evil.example', 'null']) {
    expect((await preflight(origin)).headers.get('access-control-allow-origin')).toBeNull()
  }
})

test('serves the app: assets for ever, its page for its own paths, nothing from outside', async () => {
  const asset = await t.app.request('/assets/app-1a2b.js')
  expect(asset.headers.get('cache-control')).toContain('immutable')
  expect(asset.headers.get('content-type')).toContain('javascript')
  const page = await t.app.request('/campaigns/0x12')
  expect(await page.text()).toContain('<title>app</title>')
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  expect((await t.app.request('/assets/gone.js')).status).toBe(404)
  expect((await t.app.request('/api/v1/nonsense')).status).toBe(404)
  for (const path of [
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/assets/..%2f..%2foutside.txt',
    '/%00.txt',
  ]) {
    expect(await (await t.app.request(path)).text()).not.toContain('secret')
  }
})

test('describes itself: OpenAPI with every operation, a page, metrics', async () => {
  const document = (await (await t.app.request('/api/v1/openapi.json')).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>
    components: { schemas: object }
  }
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path).map((entry) => entry.operationId),
  )
  expect(ids.sort()).toEqual(Object.keys(table).sort())
  const text = JSON.stringify(document)
  const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1]!)
  expect(references.length).toBeGreaterThan(50)
  expect(references.filter((name) => !(name in document.components.schemas))).toEqual([])
  expect(text).not.toContain('$defs')
  const page = await (await t.app.request('/api')).text()
  for (const id of ids) expect(page).toContain(`id="${id}"`)
  expect(page).not.toContain('<script')
  const metrics = await (await t.app.request('/metrics')).text()
  expect(metrics).toMatch(/^tagger_outbox_waiting 0$/m)
  expect(metrics).toContain('route="/api/v1/openapi.json",status="200"')
})
