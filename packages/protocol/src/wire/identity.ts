import { z } from 'zod'
import { DelegationDocument } from './documents.ts'
import { endpoint } from './endpoint.ts'
import { AddressText, HexText, Time } from './primitives.ts'

export const identity = {
  createLoginChallenge: endpoint({
    method: 'POST',
    path: '/login-challenges',
    access: 'public',
    summary: 'An EIP-4361 message for this account to sign; good for five minutes, once.',
    body: z.object({ account: AddressText }),
    response: z.object({ message: z.string(), expiresAt: Time }),
  }),
  createLogin: endpoint({
    method: 'POST',
    path: '/logins',
    access: 'public',
    summary: 'Logs in with the signed message; the token goes into `Authorization: Bearer`.',
    body: z.object({ message: z.string().max(4000), signature: HexText }),
    response: z.object({ token: z.string(), account: AddressText, expiresAt: Time }),
  }),
  deleteLogin: endpoint({
    method: 'DELETE',
    path: '/logins/current',
    access: 'account',
    summary: 'Logs out.',
    response: z.object({}),
  }),
  createSessionKey: endpoint({
    method: 'POST',
    path: '/session-keys',
    access: 'account',
    summary: 'Registers a key that the wallet delegated to sign heads. Sending it again changes nothing.',
    body: DelegationDocument,
    response: DelegationDocument,
  }),
  listSessionKeys: endpoint({
    method: 'GET',
    path: '/session-keys',
    access: 'account',
    summary: "The caller's session keys.",
    response: z.object({ data: z.array(DelegationDocument) }),
  }),
}
