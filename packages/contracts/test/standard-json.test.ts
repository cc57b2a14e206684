import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import { before, describe, it } from 'node:test'
import { campaignsBytecode, stakingBytecode, timelockBytecode } from '../abi/index.ts'
import { deployedNames } from '../deploy/plan.ts'
import { type StandardInput, standardInputs } from '../scripts/standard-inputs.ts'
import { withoutCounters } from './measured.ts'

const solc = createRequire(import.meta.url)('solc') as { compile(input: string): string; version(): string }

describe('the compiler’s input for explorers', withoutCounters, () => {
  let inputs: StandardInput[]
  before(async () => {
    inputs = await standardInputs()
  })

  it('is there for everything a deployment deploys', () => {
    const names = inputs.map(({ name }) => name)
    assert.deepEqual(
      deployedNames.filter((name) => !names.includes(name)),
      [],
    )
  })

  // Compiling each takes seconds.
  const tried = { campaigns: campaignsBytecode, staking: stakingBytecode, timelock: timelockBytecode }
  for (const [name, committed] of Object.entries(tried)) {
    it(`gives the bytecode of ${name}`, () => {
      const { fullName, compiler, input } = inputs.find((one) => one.name === name)!
      assert.equal(solc.version().startsWith(compiler.slice(1)), true)
      const [file, contract] = fullName.split(':') as [string, string]
      // Of this contract alone: the others would take most of the time.
      const outputSelection = { [file]: { [contract]: ['evm.bytecode.object'] } }
      const settings = { ...input.settings, outputSelection }
      const output = JSON.parse(solc.compile(JSON.stringify({ ...input, settings })))
      const bytecode = `0x${output.contracts[file][contract].evm.bytecode.object}`
      assert.ok(bytecode === committed, 'it compiles to something else')
    })
  }
})
