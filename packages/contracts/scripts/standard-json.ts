/**
 * What explorers need to check the deployed contracts: writes, per contract, the compiler's standard JSON input as
 * `<name>.json` into the folder given, and `contracts.json` with the compiler's version and each contract's full name.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { standardInputs } from './standard-inputs.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name the folder to write to.')
const inputs = await standardInputs()
await mkdir(folder, { recursive: true })
for (const { name, input } of inputs) {
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(input)}\n`)
}
const list = inputs.map(({ input: _, ...about }) => about)
await writeFile(join(folder, 'contracts.json'), `${JSON.stringify(list, null, 2)}\n`)
console.log(`Wrote the compiler's input of ${inputs.length} contracts to ${resolve(folder)}.`)
