import { mkdtemp, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  fromHex,
  type Hex,
  headMessage,
  isHeadSigned,
  openSealedKey,
  pureCrypto,
  sealKey,
  toHex,
} from '@tagger/protocol'
import { expect, test } from 'vitest'
import { createOneTimeKey } from '../src/buyer/one-time-key.ts'
import { fileSessionKeys } from '../src/identity/key-file.ts'
import { memorySessionKeys } from '../src/identity/session-keys.ts'

const account: Hex = `0x${'22'.repeat(20)}`
const campaign: Hex = `0x${'11'.repeat(32)}`

test('every head a session key signs is low-s and valid', async () => {
  const signer = await memorySessionKeys().create(account)
  for (let count = 1; count <= 20; count++) {
    const head = { count, link: toHex(globalThis.crypto.getRandomValues(new Uint8Array(32))) }
    const signature = toHex(await signer.sign(headMessage(campaign, head)))
    expect(await isHeadSigned(campaign, { ...head, publicKey: signer.publicKey, signature })).toBe(true)
  }
})

test('a key file gives back the same key, and only its owner may read it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagger-keys-'))
  const made = await fileSessionKeys(folder).create(account)
  const delegation = {
    account,
    publicKey: made.publicKey,
    scope: campaign,
    notBefore: 1,
    notAfter: 2,
    nonce: 2n ** 60n,
    signature: '0x01' as Hex,
  }
  await fileSessionKeys(folder).keep(account, delegation)
  const stored = await fileSessionKeys(folder).load(account)
  expect(stored?.signer.publicKey).toBe(made.publicKey)
  expect(stored?.delegation).toEqual(delegation)
  expect((await stat(join(folder, `${account}.json`))).mode & 0o077).toBe(0)
})

test('a one-time key opens what was sealed to it, another does not', async () => {
  const [own, other] = [await createOneTimeKey(), await createOneTimeKey()]
  const contentKey = globalThis.crypto.getRandomValues(new Uint8Array(32))
  const ephemeralSecret = fromHex((await createOneTimeKey()).secret, 32)
  const sealed = sealKey({ publicKey: fromHex(own.publicKey, 65), contentKey, ephemeralSecret })
  const keyHash = toHex(pureCrypto.sha256(contentKey))
  expect(openSealedKey({ secret: fromHex(own.secret, 32), sealed, keyHash })).toEqual(contentKey)
  const open = () => openSealedKey({ secret: fromHex(other.secret, 32), sealed, keyHash })
  expect(open).toThrow('not the one the passport names')
})
