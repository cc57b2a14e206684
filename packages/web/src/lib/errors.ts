import { TaggerError } from '@tagger/protocol'
import { t } from './messages.ts'

/** A failure as the screen shows it: what happened and what to do. */
export interface ShownError {
  message: string
  hints: readonly string[]
  isRejection: boolean
}

/** Any error in words: our own keep theirs, a wallet's refusal is no error at all. */
export function describeError(error: unknown): ShownError {
  if (isRejection(error)) return { message: t.wallet.login.rejected, hints: [], isRejection: true }
  if (error instanceof TaggerError) {
    const message = error.code === 'unavailable' ? t.state.offline : error.message
    return { message, hints: error.code === 'unavailable' ? [] : error.hints, isRejection: false }
  }
  if (error instanceof Error) {
    const short = (error as Error & { shortMessage?: string }).shortMessage
    return { message: short ?? error.message, hints: [], isRejection: false }
  }
  return { message: String(error), hints: [], isRejection: false }
}

function isRejection(error: unknown): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 6; depth++) {
    if ((each as Error & { code?: unknown }).code === 4001 || each.name === 'UserRejectedRequestError')
      return true
    each = each.cause
  }
  return false
}
