import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Address, Delegation } from '@tagger/protocol'
import type { SessionKeys } from './session-keys.ts'
import { generateSessionKeyPair, importSessionKeyPair, webCryptoSigner } from './session-signer.ts'

interface KeyFile {
  jwk: JsonWebKey
  delegation: (Omit<Delegation, 'nonce'> & { nonce: string }) | null
}

/** Session keys of agents and command lines: one file per account in a folder, readable by its owner only. */
export function fileSessionKeys(folder: string): SessionKeys {
  const pathOf = (account: Address) => join(folder, `${account}.json`)
  const read = async (account: Address): Promise<KeyFile | null> => {
    const text = await readFile(pathOf(account), 'utf8').catch(() => null)
    return text === null ? null : (JSON.parse(text) as KeyFile)
  }
  const write = async (account: Address, file: KeyFile) => {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    // Renamed into place: a kill in the middle leaves the old key, not half of a new one.
    const draft = `${pathOf(account)}.new`
    await writeFile(draft, JSON.stringify(file), { mode: 0o600 })
    await rename(draft, pathOf(account))
  }
  return {
    async load(account) {
      const file = await read(account)
      if (file === null) return null
      const signer = await webCryptoSigner(await importSessionKeyPair(file.jwk))
      const { delegation } = file
      return { signer, delegation: delegation && { ...delegation, nonce: BigInt(delegation.nonce) } }
    },
    async create(account) {
      const pair = await generateSessionKeyPair(true)
      const jwk = await globalThis.crypto.subtle.exportKey('jwk', pair.privateKey)
      await write(account, { jwk, delegation: null })
      return await webCryptoSigner(pair)
    },
    async keep(account, delegation) {
      const file = await read(account)
      if (file === null) return
      await write(account, { ...file, delegation: { ...delegation, nonce: delegation.nonce.toString() } })
    },
  }
}
