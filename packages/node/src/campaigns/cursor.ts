import { TaggerError } from '@tagger/protocol'

/** Where the next page begins, as text that means nothing to whoever passes it back. */
export function encodeCursor(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Reads what {@link encodeCursor} made; `shape` names the type of each part. Throws `bad-request`. */
export function decodeCursor(
  text: string | undefined,
  shape: readonly ('string' | 'number')[],
): (string | number)[] | null {
  if (text === undefined) return null
  try {
    const place: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    const fits = Array.isArray(place) && place.length === shape.length
    const isSound = (part: unknown, i: number) =>
      typeof part === 'number'
        ? shape[i] === 'number' && Number.isSafeInteger(part)
        : typeof part === shape[i]
    if (fits && place.every(isSound)) return place
  } catch {
    // Told below.
  }
  throw new TaggerError('bad-request', 'This cursor was not made here', {
    hints: ['Pass `nextCursor` back as it is.'],
  })
}
