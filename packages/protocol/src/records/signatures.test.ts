import { encodeAbiParameters, hashTypedData, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { expect, test } from 'vitest'
import { addressOf, deployment, named, signEthereum } from '../../test/simulated-campaign.ts'
import { pureCrypto } from '../bytes/crypto.ts'
import { fromHex, toHex, ZERO32 } from '../bytes/hex.ts'
import { batchHashOf } from '../settlement/batch-header.ts'
import { campaignIdOf } from '../spec/terms.ts'
import { isLowS, normalizeLowS } from './chain.ts'
import { offchainDomain } from './eip712.ts'
import { receiptDigest } from './receipt.ts'
import { sessionKeyDigest, sessionKeyTypes } from './session-key.ts'

const bytes32 = (name: string) => toHex(named(name))
const address = (name: string) => toHex(named(name).subarray(0, 20))

test('session key digest is what a wallet signs', () => {
  const key = {
    account: address('account'),
    publicKey: toHex(new Uint8Array(65).fill(4)),
    scope: ZERO32,
    notBefore: 5,
    notAfter: 2 ** 40,
    nonce: 2n ** 200n,
  }
  const expected = hashTypedData({
    domain: offchainDomain(deployment),
    types: sessionKeyTypes,
    primaryType: 'SessionKey',
    message: { ...key, notBefore: BigInt(key.notBefore), notAfter: BigInt(key.notAfter) },
  })
  expect(toHex(sessionKeyDigest(key, deployment))).toBe(expected)
})

test('receipt digest is the EIP-712 one', () => {
  const receipt = {
    campaignId: bytes32('campaign'),
    account: address('account'),
    link: bytes32('link'),
    count: 12,
    owedAtLeast: 10n ** 30n,
    issuedAt: 1_700_000_000,
  }
  const expected = hashTypedData({
    domain: offchainDomain(deployment),
    types: {
      WorkReceipt: [
        { name: 'campaignId', type: 'bytes32' },
        { name: 'account', type: 'address' },
        { name: 'link', type: 'bytes32' },
        { name: 'count', type: 'uint64' },
        { name: 'owedAtLeast', type: 'uint256' },
        { name: 'issuedAt', type: 'uint64' },
      ],
    },
    primaryType: 'WorkReceipt',
    message: { ...receipt, count: 12n, issuedAt: 1_700_000_000n },
  })
  expect(toHex(receiptDigest(receipt, deployment))).toBe(expected)
})

test('signers are recovered from Ethereum signatures, and from nothing else', async () => {
  const secret = named('wallet')
  const digest = named('digest')
  const account = privateKeyToAccount(toHex(secret))
  expect(addressOf(secret)).toBe(account.address.toLowerCase())
  expect(signEthereum(digest, secret)).toBe(await account.sign({ hash: toHex(digest) }))
  expect(pureCrypto.recoverAddress(digest, fromHex(signEthereum(digest, secret)))).toBe(addressOf(secret))
  expect(pureCrypto.recoverAddress(digest, new Uint8Array(65))).toBeNull()
  expect(pureCrypto.recoverAddress(digest, new Uint8Array(64).fill(1))).toBeNull()
  expect(pureCrypto.recoverAddress(digest, new Uint8Array(65).fill(255))).toBeNull()
})

test('of the two valid signatures over a head only the low-s one is accepted', () => {
  const low = new Uint8Array(64).fill(1)
  const high = new Uint8Array(64).fill(1)
  high.set(fromHex('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550'), 32)
  expect(isLowS(low)).toBe(true)
  expect(isLowS(high)).toBe(false)
  expect(isLowS(normalizeLowS(high))).toBe(true)
  expect(normalizeLowS(low)).toBe(low)
  expect(isLowS(new Uint8Array(63))).toBe(false)
})

test('campaign id and batch hash are abi.encode hashed', () => {
  const terms = {
    requester: address('r'),
    operator: address('o'),
    receiptKey: address('k'),
    token: address('t'),
    specHash: bytes32('spec'),
    basePay: 5n,
    floorPay: 1n,
    operatorFeeBps: 100,
    protocolFeeBps: 250,
    contributorsBps: 2000,
    deadline: 99,
    grace: 9,
    challengeWindow: 10,
    nonce: 2n ** 255n,
  }
  const termsTypes = [
    'address',
    'address',
    'address',
    'address',
    'bytes32',
    'uint256',
    'uint256',
    'uint16',
    'uint16',
    'uint16',
    'uint64',
    'uint64',
    'uint64',
    'uint256',
  ]
  const encode = (types: string[], values: unknown[]) =>
    keccak256(
      encodeAbiParameters(
        types.map((type) => ({ type })),
        values,
      ),
    )
  expect(campaignIdOf(terms, deployment)).toBe(
    encode(['uint256', 'address', ...termsTypes], [31337n, deployment.campaigns, ...Object.values(terms)]),
  )
  const header = {
    campaignId: bytes32('c'),
    previous: bytes32('p'),
    index: 3,
    cutAt: 77,
    bundle: bytes32('b'),
    recordsRoot: bytes32('1'),
    resultsRoot: bytes32('2'),
    payoutsRoot: bytes32('3'),
    payoutsTotal: 10n ** 24n,
    state: bytes32('s'),
    closing: true,
  }
  const headerTypes = [
    'bytes32',
    'bytes32',
    'uint64',
    'uint64',
    'bytes32',
    'bytes32',
    'bytes32',
    'bytes32',
    'uint256',
    'bytes32',
    'bool',
  ]
  expect(batchHashOf(header)).toBe(encode(headerTypes, Object.values(header)))
})
