import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ITEM_OVERHEAD_BYTES } from '../../src/collect/quota.ts'
import { json, sql } from '../../src/db/sql.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import { openCampaign } from '../work.ts'
import { pngImage } from './images.ts'

const { createDraft, deleteDraft, getDraft, listDrafts, submitContent, uploadItems } = endpoints
const LABELS = '<Choices name="q" toName="t"><Choice value="yes"/><Choice value="no"/></Choices>'
const TEXT = { modality: 'text', labelingConfig: `<View><Text name="t" value="$text"/>${LABELS}</View>` }
const IMAGE = {
  modality: 'image',
  labelingConfig: `<View><Image name="t" value="$picture"/>${LABELS}</View>`,
}
/** Room for two items of a few hundred bytes. */
const MOST_BYTES = 2 * ITEM_OVERHEAD_BYTES + 1_000
let tester: TestNode

beforeAll(async () => {
  tester = await createTestNode({ config: { maxDrafts: 2, maxKeptBytes: MOST_BYTES } })
})
afterAll(() => tester.close())

async function newRequester() {
  const { account } = randomAccount()
  const token = await tester.tokenOf(account)
  const begin = (spec: object = TEXT) => ({ token, body: { spec: { kind: 'annotate', ...spec } } })
  const upload = (id: string, bytes: string | Uint8Array, mediaType = 'text/plain') => ({
    ...{ token, params: { id }, query: { name: 'file' }, upload: { bytes, mediaType } },
  })
  return { account, token, begin, upload }
}

test('an account has so many drafts that came to nothing; deleting one makes room', async () => {
  const { account, token, begin } = await newRequester()
  const first = await tester.call(createDraft, begin())
  const second = await tester.call(createDraft, begin())
  const page = await tester.call(listDrafts, { token, query: { limit: 1 } })
  expect(page.data).toEqual([second])
  const rest = await tester.call(listDrafts, { token, query: { cursor: page.nextCursor! } })
  expect(rest).toEqual({ data: [first], nextCursor: null })
  expect(await tester.refusal(createDraft, begin())).toMatchObject({
    code: 'quota-reached',
    status: 409,
    data: { most: 2, oldest: first.id },
  })
  const stranger = await newRequester()
  await tester.call(createDraft, stranger.begin())
  const params = { id: first.id }
  expect(await tester.refusal(deleteDraft, { params, token: stranger.token })).toMatchObject({ status: 404 })
  expect(await tester.call(deleteDraft, { params, token })).toEqual({ items: 0 })
  expect(await tester.refusal(getDraft, { params, token })).toMatchObject({ status: 404 })
  await tester.call(createDraft, begin())

  // A draft a campaign was opened from is no longer counted, and stays.
  const campaign = await openCampaign(tester, { terms: { requester: account } })
  expect(await tester.refusal(deleteDraft, { params: { id: campaign.draftId }, token })).toMatchObject({
    code: 'conflict',
  })
  const { data: unopened } = await tester.call(listDrafts, { token })
  expect(unopened.map(({ id }) => id)).not.toContain(campaign.draftId)
  const { data } = await tester.refusal(createDraft, begin())
  await tester.call(deleteDraft, { params: { id: String(data.oldest) }, token })
  await tester.call(createDraft, begin())
})

test('a draft with terms that may still be opened stays until their deadline', async () => {
  const { token, begin, upload } = await newRequester()
  const { id } = await tester.call(createDraft, begin())
  await tester.call(uploadItems, upload(id, 'one\ntwo'))
  const accept = (campaign: string, deadline: number) =>
    tester.node.db.query(sql`
      insert into acceptances (campaign_id, draft_id, spec_hash, spec, terms, signature)
      values (${campaign}, ${id}, '', ${new Uint8Array(1)}, ${json({ deadline })}, '')`)
  await accept('0x01', 1_000)
  await accept('0x02', Math.floor(Date.now() / 1000) + 60)
  const given = { params: { id }, token }
  expect(await tester.refusal(deleteDraft, given)).toMatchObject({ code: 'conflict' })
  await tester.node.db.query(sql`delete from acceptances where campaign_id = '0x02'`)
  expect(await tester.call(deleteDraft, given)).toEqual({ items: 2 })
})

test('an account keeps so many bytes in drafts without a campaign, blobs included', async () => {
  const { token, begin, upload } = await newRequester()
  const [texts, images] = [
    await tester.call(createDraft, begin()),
    await tester.call(createDraft, begin(IMAGE)),
  ]
  await tester.call(uploadItems, upload(texts.id, 'x'.repeat(600)))
  // The same again is no item and takes no room.
  await tester.call(uploadItems, upload(texts.id, `${'x'.repeat(390)}\n`))
  const image = pngImage(8, 8)
  expect(await tester.refusal(uploadItems, upload(images.id, image, 'image/png'))).toMatchObject({
    code: 'quota-reached',
    data: { kept: 2 * ITEM_OVERHEAD_BYTES + 990, added: image.length, most: MOST_BYTES },
  })
  await tester.call(deleteDraft, { params: { id: texts.id }, token })
  await tester.call(uploadItems, upload(images.id, image, 'image/png'))
})

test('rows larger than their file stop at the quota', async () => {
  const { begin, upload } = await newRequester()
  const { id } = await tester.call(createDraft, begin())
  const names = Array.from({ length: 10 }, (_, i) => `${i}_${'long_name'.repeat(6)}`)
  const csv = `text,${names.join()}\nrow 1${','.repeat(10)}\nrow 2${','.repeat(10)}\n`
  expect(2 * ITEM_OVERHEAD_BYTES + csv.length).toBeLessThan(MOST_BYTES)
  expect(await tester.refusal(uploadItems, upload(id, csv, 'text/csv'))).toMatchObject({
    code: 'quota-reached',
  })
})

test('items of a byte count with what they take beside it', async () => {
  const { begin, upload } = await newRequester()
  const { id } = await tester.call(createDraft, begin())
  await tester.call(uploadItems, upload(id, '1\n2'))
  expect(await tester.refusal(uploadItems, upload(id, '3'))).toMatchObject({
    code: 'quota-reached',
    data: { kept: 2 * (ITEM_OVERHEAD_BYTES + 1), added: ITEM_OVERHEAD_BYTES + 1, most: MOST_BYTES },
  })
})

test('pieces that wait for their record count too, whatever campaign they are for', async () => {
  const { token } = await newRequester()
  const intake = { mediaTypes: ['text/plain'], maxBytes: 1000, maxItems: 5, maxPerContributor: 5 }
  const send = async (bytes: string) => {
    const campaign = await openCampaign(tester, { items: 0, spec: { kind: 'collect', intake } })
    const upload = { bytes, mediaType: 'text/plain' }
    return { params: { id: campaign.id }, token, query: { name: 'mine' }, upload }
  }
  await tester.call(submitContent, await send('y'.repeat(700)))
  const more = await send('z'.repeat(400))
  expect(await tester.refusal(submitContent, more)).toMatchObject({ code: 'quota-reached' })
  // Its record completes the first piece.
  await tester.node.db.query(sql`update items set status = 'waiting' where status = 'unfinished'`)
  await tester.call(submitContent, more)
})
