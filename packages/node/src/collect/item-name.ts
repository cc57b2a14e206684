import { TaggerError } from '@tagger/protocol'

const MAX_CHARACTERS = 200
// Control characters, and those that turn the reading direction around: "gpj.exe" must not read as "exe.jpg".
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const DECEIVING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/

/** A file's name as it is shown: without folders. Throws `item-bad-name`; no file is ever stored under it. */
export function itemName(given: string): string {
  const name = given.split(/[/\\]/).at(-1)!.normalize('NFC').trim()
  if (!given.isWellFormed() || DECEIVING.test(given)) throw refusal('has characters that cannot be shown')
  if (name === '' || name === '.' || name === '..') throw refusal('is empty')
  if (name.length > MAX_CHARACTERS) throw refusal(`is longer than ${MAX_CHARACTERS} characters`)
  return name
}

function refusal(why: string): TaggerError {
  return new TaggerError('item-bad-name', `The name of this file ${why}`, { hints: ['Rename the file.'] })
}
