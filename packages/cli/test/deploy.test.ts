import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parametersAbi } from '@tagger/contracts/abi'
import { readDeployment } from '@tagger/node/deployment-file'
import { type Address, createPublicClient, http, type PublicClient } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keyOf, walletOf } from '../src/wallets.ts'
import { runTagger } from './run-tagger.ts'
import { startTestNetwork, type TestNetwork } from './start-network.ts'

// Real nodes and processes: slow on a busy machine, never wrong for it.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let network: TestNetwork
let folder: string
let rpc: string
let client: PublicClient

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-deploy-'))
  network = await startTestNetwork()
  rpc = (await (await network.rich('deployer')).chain()).network.rpcUrl!
  client = createPublicClient({ transport: http(rpc) }) as PublicClient
}, 300_000)

afterAll(async () => {
  await network?.close()
  await rm(folder, { recursive: true, force: true })
})

const deployer = walletOf('test', 'deployer').address
const env = { TAGGER_KEY: keyOf('test', 'deployer') }
const deploy = (words: readonly string[], killAfter?: (output: string) => boolean) =>
  runTagger(['deploy', '--network', rpc, ...words], { env, ...(killAfter && { killAfter }) })
const nonce = () => client.getTransactionCount({ address: deployer })

test('prints the plan first, and sends nothing without --yes', async () => {
  const before = await nonce()
  const out = join(folder, 'dry.json')
  const ran = await deploy(['--out', out, '--set', 'votingPeriod=600', '--json'])
  expect(ran.code, ran.stderr).toBe(0)
  expect(ran.stderr).toMatch(/11 transactions on chain 31337/)
  expect(ran.stderr).toMatch(/deploy staking +0x[0-9a-fA-F]{40}/)
  expect(ran.stderr).toContain('set votingPeriod to 600')
  expect(ran.stderr).toContain('hand the parameters to the timelock')
  expect(ran.json()).toMatchObject({ chainId: 31337, steps: 11, done: false })
  expect(await nonce()).toBe(before)
  expect(existsSync(out)).toBe(false)
})

test('goes on where it was killed, ends with the timelock in charge and a file a node reads', async () => {
  const out = join(folder, 'contracts.json')
  const words = [
    '--out',
    out,
    '--yes',
    '--window',
    '60',
    '--set',
    'stakeCooldown=2592000',
    'disputeQuorumBps=1000',
  ]
  const before = await nonce()
  const killed = await deploy(words, (output) => output.includes('✓ deploy campaigns'))
  expect(killed.code).not.toBe(0)
  expect(existsSync(out)).toBe(false)
  expect(await nonce()).toBeLessThan(before + 12)

  const other = await deploy(['--out', out, '--yes', '--window', '61'])
  expect(other.code).toBe(1)
  expect(other.stderr).toMatch(/Another deployment was begun here.*\n.*remove .*contracts.json.journal/)

  const resumed = await deploy([...words, '--json'])
  expect(resumed.code, resumed.stderr).toBe(0)
  expect(resumed.stderr).toContain('· deploy tagToken (was done)')
  expect(resumed.stderr).toContain('✓ hand the parameters to the timelock')
  expect(await nonce()).toBe(before + 12)

  const { contracts } = readDeployment(out)!
  const read = (functionName: 'owner' | 'treasury' | 'stakeCooldown' | 'disputeQuorumBps') =>
    client.readContract({ address: contracts.parameters, abi: parametersAbi, functionName })
  expect(String(await read('owner')).toLowerCase()).toBe(contracts.timelock)
  expect(String(await read('treasury')).toLowerCase()).toBe(contracts.timelock)
  expect(await read('stakeCooldown')).toBe(2_592_000n)
  expect(await read('disputeQuorumBps')).toBe(1_000)
  for (const address of Object.values(contracts)) {
    if (address !== null) expect(await client.getCode({ address: address as Address })).toBeTruthy()
  }

  const sources = join(folder, 'contracts-sources')
  const list = JSON.parse(readFileSync(join(sources, 'contracts.json'), 'utf8')) as Record<string, string>[]
  expect(list.map(({ name }) => name)).toContain('staking')
  for (const { name, address, fullName, compiler, constructorArguments } of list) {
    expect(address?.toLowerCase()).toBe(contracts[name as 'staking'])
    expect(fullName).toMatch(/\.sol:\w+$/)
    expect(compiler).toMatch(/^v0\.8\.37\+commit/)
    expect(constructorArguments).toMatch(/^0x[0-9a-f]*$/)
    expect(JSON.parse(readFileSync(join(sources, `${name}.json`), 'utf8')).language).toBe('Solidity')
  }

  // Once more changes nothing.
  const again = await deploy([...words, '--no-sources', '--json'])
  expect(again.json().done).toBe(true)
  expect(await nonce()).toBe(before + 12)
})

test('says what is wrong with its options', async () => {
  expect((await deploy(['--set', 'speed=1'])).stderr).toMatch(/--set takes.*"speed=1"\n.*protocolFeeBps/)
  expect((await deploy(['--treasury', '0x12'])).stderr).toContain('--treasury must be an address')
  expect((await runTagger(['deploy', '--network', rpc])).stderr).toContain('private key')
})
