import { endpoints } from '@tagger/protocol/wire'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { loginOriginOf } from '../../src/identity/login-domain.ts'
import { identityRoutes } from '../../src/identity/routes.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'

const { createLoginChallenge, createLogin, deleteLogin, listSessionKeys } = endpoints
let clock = new Date('2026-03-01T12:00:00Z')
let tester: TestNode

beforeAll(async () => {
  tester = await createTestNode({ clock: () => clock, rooms: [identityRoutes] })
})
afterAll(() => tester.close())

async function challenge() {
  const { privateKey, account } = randomAccount()
  const { message } = await tester.call(createLoginChallenge, { body: { account } })
  const signature = await privateKeyToAccount(privateKey).signMessage({ message })
  return { account, privateKey, message, signature }
}

describe('logging in', () => {
  test('gives a token that opens endpoints of the account until it is deleted', async () => {
    const { privateKey } = randomAccount()
    const token = await tester.login(privateKey)
    expect(await tester.call(listSessionKeys, { token })).toEqual({ data: [] })

    await tester.call(deleteLogin, { token })
    expect(await tester.refusal(listSessionKeys, { token })).toMatchObject({ status: 401 })
  })

  test('keeps only a hash of the token', async () => {
    const token = await tester.login(randomAccount().privateKey)
    const rows = await tester.node.db.query(sql`select * from logins`)
    expect(token).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  test('shows domain, chain, nonce and an end after five minutes in the message', async () => {
    const { message, account } = await challenge()
    expect(message.toLowerCase()).toContain(account)
    expect(message).toMatch(/^localhost wants you to sign in/)
    expect(message).toContain('Chain ID: 31337')
    expect(message).toMatch(/Nonce: [0-9a-f]{32}/)
    expect(message).toContain('Expiration Time: 2026-03-01T12:05:00.000Z')
  })

  test('works once per message', async () => {
    const { message, signature } = await challenge()
    await tester.call(createLogin, { body: { message, signature } })
    expect(await tester.refusal(createLogin, { body: { message, signature } })).toMatchObject({
      code: 'unauthorized',
    })
  })

  test('works once per message when it is sent many times at once', async () => {
    const { message, signature } = await challenge()
    const responses = await Promise.all(
      Array.from({ length: 5 }, () => tester.request(createLogin, { body: { message, signature } })),
    )
    expect(responses.filter(({ ok }) => ok)).toHaveLength(1)
  })

  test('refuses a message that ran out', async () => {
    const { message, signature } = await challenge()
    clock = new Date(clock.getTime() + 5 * 60_000 + 1)
    expect(await tester.refusal(createLogin, { body: { message, signature } })).toMatchObject({
      code: 'unauthorized',
    })
  })

  test.each([
    ['another domain', (text: string) => text.replace(/^localhost/, 'evil.example')],
    ['another chain', (text: string) => text.replace('Chain ID: 31337', 'Chain ID: 1')],
    ['a later end', (text: string) => text.replace(/Expiration Time: 2026/, 'Expiration Time: 2036')],
    ['a longer statement', (text: string) => text.replace('moves no money.', 'moves no money!')],
  ])('refuses a message changed to %s, however well signed', async (_, change) => {
    const { message, privateKey } = await challenge()
    const changed = change(message)
    expect(changed).not.toBe(message)
    const signature = await privateKeyToAccount(privateKey).signMessage({ message: changed })
    expect(await tester.refusal(createLogin, { body: { message: changed, signature } })).toMatchObject({
      code: 'unauthorized',
    })
  })

  test('refuses text that is no login message', async () => {
    expect(
      await tester.refusal(createLogin, { body: { message: 'let me in', signature: '0x00' } }),
    ).toMatchObject({ code: 'unauthorized' })
  })

  test('ends a login after seven days', async () => {
    const token = await tester.login(randomAccount().privateKey)
    clock = new Date(clock.getTime() + 7 * 86_400_000 - 1000)
    await tester.call(listSessionKeys, { token })
    clock = new Date(clock.getTime() + 2000)
    expect(await tester.refusal(listSessionKeys, { token })).toMatchObject({ status: 401 })
  })

  test('forgets challenges and logins that ran out', async () => {
    await challenge()
    clock = new Date(clock.getTime() + 8 * 86_400_000)
    await tester.login(randomAccount().privateKey)
    const [left] = await tester.node.db.query(
      sql`select (select count(*)::int from login_challenges) as challenges, (select count(*)::int from logins) as logins`,
    )
    expect(left).toEqual({ challenges: 0, logins: 1 })
  })
})

describe('the domain of a login message', () => {
  test('is the address people use on this machine', () => {
    expect(loginOriginOf('http://127.0.0.1:4747/api/v1/login-challenges', null)).toEqual({
      domain: '127.0.0.1:4747',
      uri: 'http://127.0.0.1:4747',
    })
  })

  test('is what the operator says, wherever the request came through', () => {
    expect(loginOriginOf('http://evil.example/x', 'https://tagger.example')).toEqual({
      domain: 'tagger.example',
      uri: 'https://tagger.example',
    })
  })

  test('is never taken from a name a relaying page made up', () => {
    expect(() => loginOriginOf('http://evil.example/x', null)).toThrow(/does not take logins/)
    expect(() => loginOriginOf('http://127.0.0.1.evil.example/x', null)).toThrow(/does not take logins/)
  })
})
