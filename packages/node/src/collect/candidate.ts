import type { ErrorCode } from '@tagger/protocol'

/** An item as a file brings it, before it is checked against what is there already. */
export interface Candidate {
  row: number
  name: string
  mediaType: string
  bytes: Uint8Array
  /** Columns of a row, sorted; null for a text or an image. */
  columns: readonly string[] | null
  gold: string | null
}

/** A row that does not become an item, and why. */
export interface Rejection {
  row: number
  name: string
  code: ErrorCode
  message: string
}

/** Whether a row was refused. */
export function isRejection(entry: Candidate | Rejection): entry is Rejection {
  return 'code' in entry
}
