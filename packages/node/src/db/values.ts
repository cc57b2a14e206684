import { Json } from './sql.ts'

/** A parameter in PostgreSQL's text form, the same for both databases; bytes stay bytes. */
export function encodeValue(value: unknown): string | Uint8Array | null {
  if (value === undefined || value === null) return null
  if (value instanceof Uint8Array) return value
  if (Array.isArray(value)) return `{${value.map(encodeElement).join(',')}}`
  return encodeScalar(value)
}

function encodeScalar(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Json) return stringify(value.value)
  if (typeof value === 'object') return stringify(value)
  return String(value)
}

function encodeElement(element: unknown): string {
  if (element === undefined || element === null) return 'NULL'
  if (Array.isArray(element)) return `{${element.map(encodeElement).join(',')}}`
  if (typeof element === 'number' || typeof element === 'bigint' || typeof element === 'boolean') {
    return String(element)
  }
  const text = element instanceof Uint8Array ? bytesText(element) : encodeScalar(element)
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** PostgreSQL's text form of bytea. */
export function bytesText(bytes: Uint8Array): string {
  return `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`
}

/** Bytes from PostgreSQL's text form of bytea. */
export function parseBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text.slice(2), 'hex'))
}

/** int8 as a number while it is safe, else as a bigint. */
export function parseInt8(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function stringify(value: unknown): string {
  return JSON.stringify(value, (_, entry) => (typeof entry === 'bigint' ? entry.toString() : entry))
}
