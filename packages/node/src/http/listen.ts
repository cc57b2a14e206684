import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

const CLOSE_PATIENCE_MS = 3_000

/** Where to listen. */
interface Place {
  host: string
  /** 0 takes any free one. */
  port: number
}

/** Fails now as {@link listen} would later; another process may still be faster in between. */
export async function checkPlace({ host, port }: Place): Promise<void> {
  if (port === 0) return
  const probe = createServer()
  probe.listen(port, host)
  await once(probe, 'listening')
  probe.close()
  await once(probe, 'close')
}

/** Serves an app; resolves when it listens. */
export async function listen(
  app: Hono,
  { host, port }: Place,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  // Slow uploads are welcome, headers that never end are not.
  server.headersTimeout = 20_000
  server.requestTimeout = 300_000
  server.listen(port, host)
  await once(server, 'listening')
  const { port: taken } = server.address() as AddressInfo
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return {
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${taken}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      // Running requests may finish; streams would go on for ever.
      const patience = setTimeout(() => server.closeAllConnections(), CLOSE_PATIENCE_MS)
      await closed
      clearTimeout(patience)
    },
  }
}
