/** The compiler's input that each committed bytecode came from. */
import { readFile } from 'node:fs/promises'
import hre from 'hardhat'
import { contracts } from './abi-files.ts'

export interface StandardInput {
  /** As in `abi/` and in the plan of a deployment. */
  name: string
  /** As an explorer asks for it, such as `v0.8.37+commit.f401782d`. */
  compiler: string
  /** Source file and contract, as `project/src/Staking.sol:Staking`. */
  fullName: string
  /** Standard JSON input of solc. */
  input: { language: string; settings: Record<string, unknown>; sources: Record<string, { content: string }> }
}

/** Compiles what has changed and reads the inputs. */
export async function standardInputs(): Promise<StandardInput[]> {
  await hre.tasks.getTask('build').run({ noTests: true, quiet: true })
  return Promise.all(
    Object.entries(contracts).map(async ([name, contract]) => {
      const { inputSourceName, buildInfoId } = await hre.artifacts.readArtifact(contract)
      const path = buildInfoId && (await hre.artifacts.getBuildInfoPath(buildInfoId))
      if (!path || !inputSourceName) throw new Error(`There is no build of ${contract}`)
      const { solcLongVersion, input } = JSON.parse(await readFile(path, 'utf8'))
      const settings = { ...input.settings, outputSelection: { '*': { '*': ['evm.bytecode.object'] } } }
      const fullName = `${inputSourceName}:${contract}`
      return { name, compiler: `v${solcLongVersion}`, fullName, input: { ...input, settings } }
    }),
  )
}
