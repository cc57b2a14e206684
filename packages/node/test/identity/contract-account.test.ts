import type { Address, Hex } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { identityRoutes } from '../../src/identity/routes.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'

const { createLoginChallenge, createLogin } = endpoints
/** Code that answers every call with the word of four bytes that ERC-1271 asks for, and with zero. */
const SAYS_YES = '0x631626ba7e60e01b60005260206000f3'
const SAYS_NO = '0x60006000526020 6000f3'.replace(' ', '') as Hex
let tester: TestNode

beforeAll(async () => {
  tester = await createTestNode({ chain: true, rooms: [identityRoutes] })
})
afterAll(() => tester.close())

async function contractAccount(code: string): Promise<Address> {
  const { account } = randomAccount()
  await tester.node.chain.client.request({ method: 'anvil_setCode', params: [account, code] } as never)
  return account
}

async function signedChallenge(account: Address) {
  const { message } = await tester.call(createLoginChallenge, { body: { account } })
  // A key of its owner: what it means is the contract's affair.
  const signature = await privateKeyToAccount(randomAccount().privateKey).signMessage({ message })
  return { message, signature }
}

test('a contract account logs in when its contract says the signature is good', async () => {
  const account = await contractAccount(SAYS_YES)
  const login = await tester.call(createLogin, { body: await signedChallenge(account) })
  expect(login.account).toBe(account)
})

test('a contract account whose contract says no does not log in', async () => {
  const account = await contractAccount(SAYS_NO)
  expect(await tester.refusal(createLogin, { body: await signedChallenge(account) })).toMatchObject({
    code: 'unauthorized',
  })
})

test('a plain account does not log in by the signature of another key', async () => {
  const { account } = randomAccount()
  expect(await tester.refusal(createLogin, { body: await signedChallenge(account) })).toMatchObject({
    code: 'unauthorized',
  })
})
