import { locale } from './locale.ts'

const names = new Intl.DisplayNames([locale], { type: 'language', fallback: 'code' })

/** A language by its code, in words; the code itself when it is none. */
export function languageName(code: string): string {
  try {
    return names.of(code) ?? code
  } catch {
    return code
  }
}
