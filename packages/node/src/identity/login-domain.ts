import { TaggerError } from '@tagger/protocol'

const LOOPBACK = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d{1,5})?$/

/** The domain and address a login message names. */
export interface LoginOrigin {
  domain: string
  uri: string
}

/**
 * Where people are when they log in. Only the operator's own setting or a loopback address is believed: a page that
 * relays the login under its own name would otherwise get the node to write that name into the message.
 */
export function loginOriginOf(requestUrl: string, publicUrl: string | null): LoginOrigin {
  if (publicUrl !== null) return { domain: new URL(publicUrl).host, uri: publicUrl }
  const { host, protocol } = new URL(requestUrl)
  if (!LOOPBACK.test(host)) {
    throw new TaggerError('forbidden', `This node does not take logins at ${host}`, {
      hints: ['The operator sets TAGGER_PUBLIC_URL to the address people use.'],
    })
  }
  // EIP-4361 domains have no place for an IPv6 literal in most wallets.
  const domain = host.replace('[::1]', 'localhost')
  return { domain, uri: `${protocol}//${domain}` }
}
