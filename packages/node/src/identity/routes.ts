import type { Delegation } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { tokenHashOf } from '../http/access.ts'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { issueChallenge, openLogin } from './login.ts'
import { loginOriginOf } from './login-domain.ts'
import { deleteLogin } from './queries.ts'
import { registerSessionKey, sessionKeysOf } from './session-key.ts'

/** Logging in and out, and the keys a wallet lets sign for it. */
export function identityRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.createLoginChallenge, async ({ body, context }) => {
    const origin = loginOriginOf(context.req.url, node.config.publicUrl)
    const { message, expiresAt } = await issueChallenge(node, body.account, origin)
    return { message, expiresAt: expiresAt.toISOString() }
  })

  routes.on(endpoints.createLogin, async ({ body }) => {
    const { token, account, expiresAt } = await openLogin(node, body)
    return { token, account, expiresAt: expiresAt.toISOString() }
  })

  routes.on(endpoints.deleteLogin, async ({ context }) => {
    const token = (context.req.header('authorization') ?? '').replace(/^Bearer /i, '')
    await node.db.query(deleteLogin(tokenHashOf(token)))
    return {}
  })

  routes.on(endpoints.createSessionKey, async ({ account, body }) =>
    toDocument(await registerSessionKey(node, account!, body)),
  )

  routes.on(endpoints.listSessionKeys, async ({ account }) => ({
    data: (await sessionKeysOf(node, account!)).map(toDocument),
  }))
}

function toDocument(delegation: Delegation) {
  return { ...delegation, nonce: delegation.nonce.toString() }
}
