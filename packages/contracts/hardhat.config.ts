import { createRequire } from 'node:module'
import toolbox from '@nomicfoundation/hardhat-toolbox-viem'
import { defineConfig } from 'hardhat/config'

const isDeep = process.env.TAGGER_TEST_DEEP === '1'
// `tools/test.ts` sets it when somebody works here and waits.
const isQuick = process.env.TAGGER_TEST_QUICK === '1'
const histories = isDeep ? 1_000 : isQuick ? 4 : 256

const compiler = (runs: number, viaIR = false) => ({
  version: '0.8.37',
  // The compiler comes from npm, so that nothing is downloaded at build time.
  path: createRequire(import.meta.url).resolve('solc/soljson.js'),
  settings: {
    evmVersion: 'cancun',
    viaIR,
    optimizer: { enabled: true, runs },
    // No source hash in the bytecode: a reworded comment must not change what is deployed.
    metadata: { bytecodeHash: 'none' },
  },
})

export default defineConfig({
  plugins: [toolbox],
  solidity: {
    compilers: [compiler(10_000)],
    // What would be larger than a contract may be; the largest goes by way of Yul.
    overrides: {
      'src/Campaigns.sol': compiler(600, true),
      'src/Licenses.sol': compiler(200),
      'test/invariants/licenses.t.sol': compiler(200),
    },
    splitTestsCompilation: true,
    // Deployed as it is, not inherited from.
    npmFilesToBuild: ['@openzeppelin/contracts/governance/TimelockController.sol'],
  },
  paths: { sources: 'src', tests: { nodejs: 'test', solidity: 'test' } },
  test: {
    solidity: {
      // The golden vectors.
      fsPermissions: { readDirectory: ['../protocol/test/vectors'] },
      fuzz: {
        runs: isDeep ? 10_000 : 256,
        seed: '0x7461676765720000000000000000000000000000000000000000000000000001',
      },
      invariant: { runs: histories, depth: 100, failOnRevert: true },
    },
  },
})
