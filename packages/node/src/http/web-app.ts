import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { extname, join, resolve, sep } from 'node:path'
import { Readable } from 'node:stream'
import type { Hono } from 'hono'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
}

/** Serves the built app: hashed assets for ever, every other path as the app's own page. */
export function serveWebApp(app: Hono, folder: string): void {
  app.get('*', async (context, next) => {
    const { path } = context.req
    if (path === '/api' || path.startsWith('/api/') || path === '/metrics') return next()
    const file = await findFile(folder, path)
    if (file === null && extname(path) !== '') return next()
    if (file === null || file.path.endsWith('index.html')) return pageResponse(folder)
    const isHashed = path.startsWith('/assets/')
    const stream = Readable.toWeb(createReadStream(file.path)) as unknown as ReadableStream
    return new Response(stream, {
      headers: {
        'content-type': TYPES[extname(file.path)] ?? 'application/octet-stream',
        'content-length': String(file.size),
        'cache-control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
      },
    })
  })
}

async function pageResponse(folder: string): Promise<Response> {
  const page = await readFile(join(folder, 'index.html'))
  return new Response(new Uint8Array(page), {
    headers: { 'content-type': TYPES['.html']!, 'cache-control': 'no-cache' },
  })
}

async function findFile(folder: string, path: string): Promise<{ path: string; size: number } | null> {
  const name = decode(path)
  if (name === null || name.includes('\0')) return null
  const root = resolve(folder)
  const file = resolve(root, `.${name}`)
  if (!file.startsWith(root + sep)) return null
  try {
    const found = await stat(file)
    return found.isFile() ? { path: file, size: found.size } : null
  } catch {
    return null
  }
}

function decode(path: string): string | null {
  try {
    return decodeURIComponent(path)
  } catch {
    return null
  }
}
