import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeployPlan } from '@tagger/contracts/deploy'
import { TaggerError } from '@tagger/protocol'
import { ROOT } from '../settings.ts'

/**
 * Writes what explorers ask for when they check a contract: the compiler's standard JSON input per contract, and in
 * `contracts.json` its address, full name, compiler and constructor arguments. Compiles the contracts if need be.
 */
export async function writeSources(folder: string, plan: DeployPlan): Promise<void> {
  const script = join(ROOT, 'packages/contracts/scripts/standard-json.ts')
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, folder], {
    cwd: join(ROOT, 'packages/contracts'),
    env: { ...process.env, HARDHAT_DISABLE_TELEMETRY_PROMPT: 'true' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) {
    throw new TaggerError('internal', 'The sources for explorers could not be written', {
      hints: [complaint.trim().split('\n').at(-1) ?? '', 'Pass --no-sources to go without them.'],
    })
  }
  const path = join(folder, 'contracts.json')
  const compiled = JSON.parse(await readFile(path, 'utf8')) as { name: string }[]
  const list = plan.steps.flatMap(({ deploys, address, constructorData }) => {
    const about = compiled.find(({ name }) => name === deploys)
    return about === undefined ? [] : [{ ...about, address, constructorArguments: constructorData }]
  })
  await writeFile(path, `${JSON.stringify(list, null, 2)}\n`)
}
