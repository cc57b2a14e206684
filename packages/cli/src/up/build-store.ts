import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isAlive } from '@tagger/node/is-alive'

/** Builds of the app in one folder, each named by the hash of its sources; several processes share it. */
export interface BuildStore {
  /** Claims the build of these sources until this process ends; null when it is not there. */
  take(name: string): string | null
  /** Where to build: a new empty folder, of no meaning to anyone else. */
  scratch(): string
  /** Gives what was built there its name; of two built at once the first stays. */
  keep(scratch: string, name: string): void
  /** Takes the claim back. */
  release(name: string): void
  /** Removes builds that no living process claims, and what killed ones left half built. */
  sweep(): void
}

const SCRATCH = 'scratch-'

/** Opens the builds in a folder, as the process `pid`. */
export function openBuildStore(folder: string, pid = process.pid): BuildStore {
  const claims = join(folder, 'claims')
  mkdirSync(claims, { recursive: true })
  const claimOf = (name: string) => join(claims, `${name}.${pid}`)

  /** Names that living processes claim; the claims of dead ones go. */
  const claimed = (): Set<string> => {
    const names = new Set<string>()
    for (const claim of readdirSync(claims)) {
      const [name = '', owner] = claim.split('.')
      if (isAlive(Number(owner))) names.add(name)
      else rmSync(join(claims, claim), { force: true })
    }
    return names
  }

  return {
    take(name) {
      // Claimed before it is looked for: whoever removes builds looks for claims after moving one away.
      writeFileSync(claimOf(name), '')
      const build = join(folder, name)
      if (existsSync(join(build, 'index.html'))) return build
      rmSync(claimOf(name), { force: true })
      return null
    },
    scratch: () => mkdtempSync(join(folder, `${SCRATCH}${pid}-`)),
    keep(scratch, name) {
      try {
        renameSync(scratch, join(folder, name))
      } catch (error) {
        if (!existsSync(join(folder, name, 'index.html'))) throw error
        rmSync(scratch, { recursive: true, force: true })
      }
    },
    release(name) {
      rmSync(claimOf(name), { force: true })
    },
    sweep() {
      const before = claimed()
      for (const name of readdirSync(folder)) {
        if (name === 'claims' || before.has(name)) continue
        const maker = /^scratch-(\d+)-/.exec(name)?.[1]
        if (maker !== undefined && isAlive(Number(maker))) continue
        const away = mkdtempSync(join(folder, `${SCRATCH}${pid}-`))
        try {
          renameSync(join(folder, name), join(away, name))
          if (claimed().has(name)) renameSync(join(away, name), join(folder, name))
        } catch {
          // Another process removes or rebuilds the same one.
        }
        rmSync(away, { recursive: true, force: true })
      }
    },
  }
}
