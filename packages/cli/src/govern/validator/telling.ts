import { TaggerError } from '@tagger/protocol'
import type { Voice } from '../../output.ts'

/** Says what a validator does: a line for people, or with `--json` a line for programs. */
export interface Telling {
  tell(event: string, words: string, data?: Record<string, unknown>): void
  /** Told once for each subject until it works again or another reason comes up. */
  trouble(subject: string, what: string, error: unknown): void
  /** Says so if there was trouble. */
  works(subject: string, what: string): void
}

/** Begins with nothing told. */
export function createTelling(voice: Voice, isJson: boolean): Telling {
  const told = new Map<string, string>()
  const tell: Telling['tell'] = (event, words, data = {}) => {
    const at = new Date().toISOString()
    if (isJson) voice.result({ at, event, ...data })
    else voice.say(`${at.slice(0, 19)}Z ${words}`)
  }
  return {
    tell,
    trouble(subject, what, error) {
      const { message } = error as Error
      if (told.get(subject) === message) return
      told.set(subject, message)
      const hints = error instanceof TaggerError ? error.hints : []
      tell('trouble', [`${what}: ${message.replace(/\.$/, '')}.`, ...hints, 'It is tried again.'].join(' '), {
        subject,
        message,
        hints,
      })
    },
    works(subject, what) {
      if (told.delete(subject)) tell('works-again', `${what} works again`, { subject })
    },
  }
}
