import hre from 'hardhat'
import { concatHex, type Hex, sliceHex } from 'viem'
import * as abis from '../abi/index.ts'
import { contracts } from '../scripts/abi-files.ts'

const exported = new Map<string, unknown>(Object.entries(abis))
const committed = Object.entries(contracts).map(
  ([name, contract]) => [exported.get(`${name}Bytecode`) as Hex, contract] as const,
)

/** For tests that compare bytecode or gas: the counters of a coverage run are in both. */
export const withoutCounters = { skip: hre.globalOptions.coverage && 'coverage is measured' }

/**
 * The data a test deploys: as it is, or, while coverage is measured, with what the sources compile to with counters in
 * it in place of the committed bytecode it starts with.
 */
export async function measured(data: Hex): Promise<Hex> {
  if (!hre.globalOptions.coverage) return data
  const found = committed.find(([bytecode]) => data.startsWith(bytecode))
  if (found === undefined) return data
  const [bytecode, contract] = found
  const { bytecode: counting } = await hre.artifacts.readArtifact(contract)
  const args = data.length > bytecode.length ? sliceHex(data, bytecode.length / 2 - 1) : '0x'
  return concatHex([counting as Hex, args])
}
