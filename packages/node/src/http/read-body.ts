import { TaggerError } from '@tagger/protocol'

/** The bytes of a request's body; stops reading as soon as there are more than `limit`. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0)
  if (declared > limit) throw tooLarge(limit)
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body) {
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  const [only] = chunks
  return chunks.length === 1 && only ? only : new Uint8Array(Buffer.concat(chunks, size))
}

/** A JSON body; an empty one is an empty object. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const type = mediaTypeOf(request)
  if (type !== '' && type !== 'application/json') {
    throw new TaggerError('unsupported-type', `This operation reads JSON, not ${type}`, {
      hints: ['Send `Content-Type: application/json`.'],
    })
  }
  const bytes = await readBody(request, limit)
  if (bytes.length === 0) return {}
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new TaggerError('bad-request', 'The body is not JSON', { cause })
  }
}

/** An upload of one of the accepted media types. */
export async function readUpload(
  request: Request,
  accepted: readonly string[],
  limit: number,
): Promise<{ bytes: Uint8Array; mediaType: string }> {
  const mediaType = mediaTypeOf(request)
  if (!accepted.includes(mediaType)) {
    throw new TaggerError(
      'unsupported-type',
      `Files of type ${mediaType || '(not said)'} are not taken here`,
      {
        hints: [`Send one of: ${accepted.join(', ')}.`],
      },
    )
  }
  const bytes = await readBody(request, limit)
  if (bytes.length === 0) throw new TaggerError('bad-request', 'The upload is empty')
  return { bytes, mediaType }
}

function mediaTypeOf(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase()
}

function tooLarge(limit: number): TaggerError {
  return new TaggerError('too-large', `At most ${limit} bytes are taken at once`, {
    hints: ['Send it in several parts.'],
    data: { limit },
  })
}
