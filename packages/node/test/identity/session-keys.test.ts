import { generateKeyPairSync } from 'node:crypto'
import {
  type Delegation,
  type Hex,
  isDelegationSigned,
  offchainDomain,
  sessionKeyTypes,
  toHex,
  ZERO32,
} from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { identityRoutes } from '../../src/identity/routes.ts'
import { deploymentOf } from '../../src/node.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'

const { createSessionKey, listSessionKeys } = endpoints
const NOW = 1_772_366_400
const DAY = 86_400
let tester: TestNode

beforeAll(async () => {
  tester = await createTestNode({ clock: () => new Date(NOW * 1000), rooms: [identityRoutes] })
})
afterAll(() => tester.close())

function newPublicKey(): Hex {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return toHex(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }).subarray(-65)))
}

async function delegate(change: Partial<Delegation> = {}, signWith?: Hex, chainId?: number) {
  const { privateKey, account } = randomAccount()
  const key = {
    account,
    publicKey: newPublicKey(),
    scope: ZERO32,
    notBefore: NOW,
    notAfter: NOW + 7 * DAY,
    nonce: 1n,
    ...change,
  }
  const deployment = deploymentOf(tester.node)
  const signature = await privateKeyToAccount(signWith ?? privateKey).signTypedData({
    domain: offchainDomain({ ...deployment, chainId: chainId ?? deployment.chainId }),
    types: sessionKeyTypes,
    primaryType: 'SessionKey',
    message: { ...key, notBefore: BigInt(key.notBefore), notAfter: BigInt(key.notAfter) },
  })
  const token = await tester.tokenOf(key.account)
  return { token, body: { ...key, nonce: key.nonce.toString(), signature } }
}

describe('session keys', () => {
  test('are kept as the wallet delegated them and listed for their account only', async () => {
    const { token, body } = await delegate()
    const kept = await tester.call(createSessionKey, { token, body })
    expect(isDelegationSigned(kept, deploymentOf(tester.node))).toBe(true)
    expect((await tester.call(listSessionKeys, { token })).data).toEqual([kept])

    const stranger = await tester.tokenOf(randomAccount().account)
    expect((await tester.call(listSessionKeys, { token: stranger })).data).toEqual([])
  })

  test('may be sent again', async () => {
    const { token, body } = await delegate()
    const first = await tester.call(createSessionKey, { token, body })
    expect(await tester.call(createSessionKey, { token, body })).toEqual(first)
    expect((await tester.call(listSessionKeys, { token })).data).toHaveLength(1)
  })

  test('cannot be delegated again with other times', async () => {
    const { privateKey, account } = randomAccount()
    const publicKey = newPublicKey()
    const first = await delegate({ account, publicKey }, privateKey)
    await tester.call(createSessionKey, first)
    const longer = await delegate({ account, publicKey, notAfter: NOW + 8 * DAY }, privateKey)
    expect(await tester.refusal(createSessionKey, longer)).toMatchObject({ status: 409 })
  })

  test('signed by another wallet are refused', async () => {
    expect(
      await tester.refusal(createSessionKey, await delegate({}, randomAccount().privateKey)),
    ).toMatchObject({ code: 'session-key-invalid', detail: expect.stringContaining('not signed') })
  })

  test('signed for another chain are refused', async () => {
    expect(await tester.refusal(createSessionKey, await delegate({}, undefined, 1))).toMatchObject({
      code: 'session-key-invalid',
    })
  })

  test('of another account than the one logged in are refused', async () => {
    const { body } = await delegate()
    const token = await tester.tokenOf(randomAccount().account)
    expect(await tester.refusal(createSessionKey, { token, body })).toMatchObject({
      code: 'session-key-invalid',
    })
  })

  test.each([
    ['that has ended', { notBefore: NOW - 2 * DAY, notAfter: NOW - DAY }, 'has ended'],
    ['that ends before it begins', { notBefore: NOW + 60, notAfter: NOW + 50 }, 'before it begins'],
    ['that begins tomorrow', { notBefore: NOW + DAY }, 'in the future'],
    ['for longer than 31 days', { notAfter: NOW + 32 * DAY }, '31 days'],
    ['backdated to last longer', { notBefore: 1, notAfter: NOW + DAY }, '31 days'],
    ['of a point off the curve', { publicKey: `0x04${'11'.repeat(64)}` as Hex }, 'P-256 point'],
    ['of a compressed-looking point', { publicKey: `0x02${'11'.repeat(64)}` as Hex }, 'P-256 point'],
  ])('%s are refused', async (_, change, reason) => {
    expect(await tester.refusal(createSessionKey, await delegate(change))).toMatchObject({
      code: 'session-key-invalid',
      detail: expect.stringContaining(reason),
    })
  })

  test('of a wrong length are refused', async () => {
    const { token, body } = await delegate()
    expect(
      await tester.refusal(createSessionKey, { token, body: { ...body, publicKey: '0x0411' } }),
    ).toMatchObject({ code: 'bad-hex' })
  })

  test('need a login', async () => {
    const { body } = await delegate()
    expect(await tester.refusal(createSessionKey, { body })).toMatchObject({ status: 401 })
  })
})
