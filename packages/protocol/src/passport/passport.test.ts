import { p256 } from '@noble/curves/nist.js'
import { expect, test } from 'vitest'
import { named, specWith } from '../../test/simulated-campaign.ts'
import { utf8ToBytes } from '../bytes/concat.ts'
import { pureCrypto } from '../bytes/crypto.ts'
import { toHex } from '../bytes/hex.ts'
import { decryptContent, encryptContent } from './content.ts'
import { croissantManifest } from './manifest.ts'
import { openSealedKey, sealKey } from './seal.ts'
import { verifyDelivery } from './verify-delivery.ts'

const contentKey = named('content key')
const secret = named('buyer')
const sealed = sealKey({
  publicKey: p256.getPublicKey(secret, false),
  contentKey,
  ephemeralSecret: named('once'),
})

const keyHash = toHex(pureCrypto.sha256(contentKey))

test('the buyer, and nobody else, opens the sealed content key', () => {
  expect(openSealedKey({ secret, sealed, keyHash })).toEqual(contentKey)
  const refused = /not the one the passport names/
  expect(() => openSealedKey({ secret: named('thief'), sealed, keyHash })).toThrow(refused)
  expect(() => openSealedKey({ secret, sealed, keyHash: toHex(named('x')) })).toThrow(refused)
  for (const bad of [sealed.subarray(1), sealed.subarray(0, 70), new Uint8Array(97), new Uint8Array()]) {
    expect(() => openSealedKey({ secret, sealed: bad, keyHash })).toThrow(refused)
  }
})

test('a delivery is what the passport names, or it is said what is wrong first', () => {
  const content = utf8ToBytes('label,confidence')
  const cipher = encryptContent(contentKey, named('iv').subarray(0, 12), content)
  const hashed = (bytes: Uint8Array) => toHex(pureCrypto.sha256(bytes))
  const version = { contentRoot: hashed(content), cipherRoot: hashed(cipher), keyHash }
  const delivery = { secret, sealed, cipher, version }
  const verdict = (changes: Partial<typeof delivery>) =>
    verifyDelivery({ ...delivery, ...changes }, pureCrypto)
  expect(verdict({})).toEqual({ ok: true, content })
  expect(verdict({ secret: named('thief') })).toEqual({ ok: false, fault: 'key' })
  expect(verdict({ cipher: content })).toEqual({ ok: false, fault: 'cipher' })
  const other = { ...version, contentRoot: hashed(cipher) }
  expect(verdict({ version: other })).toEqual({ ok: false, fault: 'content' })
  const garbage = { ...version, cipherRoot: hashed(content) }
  expect(verdict({ cipher: content, version: garbage })).toEqual({ ok: false, fault: 'content' })
})

test('sealing has one form: a golden vector for other implementations', () => {
  expect(toHex(sealed)).toMatchInlineSnapshot(
    `"0x0465d6b7be1c10b37a3839caae761c7a2fb181c475303dd75cbeb2fe568bfcecd36525cf75e50a21942ce985740452e5f04ee9d284102c60e60a2e33b8284666d3d8092a399eb90252ad4daed807462997257203a04b4d98c2378542ae2f0ab732"`,
  )
})

test('content opens with its key only, and not after a bit changed', () => {
  const bytes = new TextEncoder().encode('label,confidence\n')
  const cipher = encryptContent(contentKey, named('iv').subarray(0, 12), bytes)
  expect(decryptContent(contentKey, cipher)).toEqual(bytes)
  expect(() => decryptContent(named('other'), cipher)).toThrow(/does not open/)
  cipher[20]! ^= 1
  expect(() => decryptContent(contentKey, cipher)).toThrow(/does not open/)
})

test('the manifest is Croissant 1.1: ids resolve, names have no spaces, every field has one source', () => {
  const manifest = croissantManifest({
    title: 'Crypto chat: bullish or bearish?',
    description: '',
    spec: specWith(),
    campaignId: toHex(named('c')),
    specHash: toHex(named('s')),
    batch: toHex(named('b')),
    owner: toHex(named('o').subarray(0, 20)),
    url: 'http://127.0.0.1/datasets/1',
    datePublished: '2026-01-02',
    content: {
      name: 'content.jsonl',
      url: 'http://127.0.0.1/c',
      bytes: 10,
      sha256: toHex(named('x')),
      encodingFormat: 'application/jsonl',
    },
    dataKeys: ['text', 'two words'],
    labels: ['yes', 'no'],
    items: 2,
    records: 6,
    contributors: 3,
    meanConfidence: 912_345,
  }) as Record<string, unknown>
  for (const key of [
    '@context',
    'name',
    'description',
    'license',
    'url',
    'creator',
    'datePublished',
    'distribution',
  ]) {
    expect(manifest, key).toHaveProperty(key)
  }
  expect(manifest['@type']).toBe('sc:Dataset')
  const text = JSON.stringify(manifest)
  const ids = new Set<string>()
  const references: string[] = []
  JSON.parse(text, (_, value) => {
    if (value !== null && typeof value === 'object' && typeof value['@id'] === 'string') {
      if (Object.keys(value).length === 1) references.push(value['@id'])
      else ids.add(value['@id'])
    }
    return value
  })
  for (const id of ids) expect(id).not.toMatch(/\s/)
  for (const reference of references) expect(ids, reference).toContain(reference)
  const results = (manifest.recordSet as { '@id': string; field: { source?: unknown }[] }[])[1]!
  for (const field of results.field) expect(field.source).toBeDefined()
  expect(manifest.license).toBe('https://spdx.org/licenses/CC-BY-4.0.html')
})
