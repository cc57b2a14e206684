/**
 * Compiles the contracts and writes `abi/`, all that other packages import from here.
 * With `--check` it writes nothing and fails if what is committed is not what the sources compile to.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { directory, generate, staleFiles } from './abi-files.ts'

const files = await generate()
if (process.argv.includes('--check')) {
  const stale = await staleFiles(files)
  if (stale.length > 0) {
    console.error(`packages/contracts/abi is not what src compiles to:\n  ${stale.join('\n  ')}`)
    console.error('Run `npm run build -w @tagger/contracts` and commit the result.')
    process.exit(1)
  }
  console.log(`abi is fresh: ${files.size} files.`)
} else {
  await mkdir(directory, { recursive: true })
  for (const [file, text] of files) await writeFile(join(directory, file), text)
  console.log(`Wrote ${files.size} files to packages/contracts/abi.`)
}
