import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestNode, type TestNode } from '../harness.ts'

let t: TestNode
beforeAll(async () => {
  t = await createTestNode()
})
afterAll(() => t.close())

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

test('names each wrong field', async () => {
  const problem = await t.refusal(endpoints.listActivity, { query: { limit: 1000, campaignId: 'x' } })
  expect(problem).toMatchObject({ status: 400, code: 'bad-request' })
  expect(problem.data.fields).toEqual(['query.campaignId', 'query.limit'])
})
