/** The chain every test runs on: all contracts deployed, everyone funded, undone after each test. */
import assert from 'node:assert/strict'
import hre from 'hardhat'
import {
  type Abi,
  type Address,
  decodeErrorResult,
  getAddress,
  getContract,
  getContractAddress,
  type Hash,
  type Hex,
  isHex,
  parseAbi,
  parseEther,
  parseEventLogs,
  zeroHash,
} from 'viem'
import {
  campaignsAbi,
  campaignsBytecode,
  disputesAbi,
  disputesBytecode,
  errorsAbi,
  licensesAbi,
  licensesBytecode,
  parametersAbi,
  parametersBytecode,
  passportsAbi,
  passportsBytecode,
  stakingAbi,
  stakingBytecode,
  tagTokenAbi,
  tagTokenBytecode,
  testUsdAbi,
  testUsdBytecode,
} from '../abi/index.ts'
import { measured } from './measured.ts'

export const hostileTokenAbi = parseAbi([
  'function mint(address to, uint256 amount)',
  'function approve(address spender, uint256 amount) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
  'function setTrick(address account, uint8 trick)',
  'function setReentry(address target, bytes data)',
  'function shrink(address account, uint256 amount)',
  'function reentrySucceeded() view returns (bool)',
  'function reentryResult() view returns (bytes)',
])
export const contractWalletAbi = parseAbi(['function execute(address target, bytes data) returns (bytes)'])

/** What `HostileToken` can do, by name. */
export const trick = {
  none: 0,
  refuse: 1,
  returnFalse: 2,
  lie: 3,
  taxReceiver: 4,
  taxSender: 5,
  burnGas: 6,
  returnBomb: 7,
  reenter: 8,
  returnNothing: 9,
} as const

export const usd = (amount: number) => BigInt(Math.round(amount * 1_000_000))
export const fortune = usd(1_000_000)
export const minWindow = 60n
/** What an operator locks for a campaign, and what the operator of every story has at stake. */
export const bond = parseEther('10000')
export const operatorStake = 100n * bond
export const noPermit = { value: 0n, deadline: 0n, v: 0, r: zeroHash, s: zeroHash }

const { viem, networkHelpers } = await hre.network.create()
export const { time } = networkHelpers
export const chain = await viem.getPublicClient()
const wallets = await viem.getWalletClients()
const client = wallets[0]!

/** The people of every story, by role. */
const names = [
  'owner',
  'requester',
  'operator',
  'treasury',
  'receiptKey',
  'ana',
  'ben',
  'cleo',
  'eve',
] as const
export type Name = (typeof names)[number]
export type Wallet = typeof client
export const people = Object.fromEntries(names.map((name, i) => [name, wallets[i]])) as Record<Name, Wallet>
export const address = Object.fromEntries(
  names.map((name, i) => [name, getAddress(wallets[i]!.account.address)]),
) as Record<Name, Address>
/** `as('ana')` makes a call come from Ana. */
export const as = (name: Name) => ({ account: address[name] })

export async function deployContract<const abi extends Abi>(
  abi: abi,
  bytecode: Hex,
  args: readonly unknown[],
) {
  const hash = await client.deployContract({
    abi,
    bytecode: await measured(bytecode),
    args,
  } as Parameters<typeof client.deployContract>[0])
  const { contractAddress } = await chain.getTransactionReceipt({ hash })
  return contractAt(abi, contractAddress!)
}

/** A contract bound to the test chain; writes come from `owner` unless `as` says otherwise. */
export function contractAt<const abi extends Abi>(abi: abi, at: Address) {
  return getContract({ abi, address: getAddress(at), client: { public: chain, wallet: client } })
}

/** Deploys one of `src/mocks`. */
export async function deployMock<const abi extends Abi>(
  name: string,
  abi: abi,
  args: readonly unknown[] = [],
) {
  const artifact = await hre.artifacts.readArtifact(name)
  const deployed = await deployContract(artifact.abi as Abi, artifact.bytecode as Hex, args)
  return contractAt(abi, deployed.address)
}

export const deployParameters = (owner: Address, treasury: Address, window: bigint) =>
  deployContract(parametersAbi, parametersBytecode, [owner, treasury, window])

/** Deploys the test token on a chain with another id. */
export async function deployTestUsdOn(chainId: number) {
  const other = await hre.network.create({ override: { chainId } })
  try {
    const [wallet] = await other.viem.getWalletClients()
    return await wallet!.deployContract({ abi: testUsdAbi, bytecode: testUsdBytecode, args: [] })
  } finally {
    await other.close()
  }
}

/** Three contracts know one another from the start: where each will live follows from the deployer's nonce. */
async function deployAll() {
  const parameters = await deployParameters(address.owner, address.treasury, minWindow)
  const tagToken = await deployContract(tagTokenAbi, tagTokenBytecode, [address.owner])
  const nonce = await chain.getTransactionCount({ address: address.owner })
  const addressAt = (place: number) =>
    getContractAddress({ from: address.owner, nonce: BigInt(nonce + place) })
  const staking = await deployContract(stakingAbi, stakingBytecode, [
    tagToken.address,
    parameters.address,
    addressAt(1),
    addressAt(2),
  ])
  const campaigns = await deployContract(campaignsAbi, campaignsBytecode, [
    parameters.address,
    staking.address,
    addressAt(2),
  ])
  const disputes = await deployContract(disputesAbi, disputesBytecode, [campaigns.address, staking.address])
  const passports = await deployContract(passportsAbi, passportsBytecode, [campaigns.address])
  const licenses = await deployContract(licensesAbi, licensesBytecode, [
    passports.address,
    parameters.address,
  ])
  const testUsd = await deployContract(testUsdAbi, testUsdBytecode, [])
  const evil = await deployMock('HostileToken', hostileTokenAbi)
  for (const name of ['requester', 'operator', 'ben', 'cleo', 'eve'] as const) {
    for (const token of [testUsd, evil as unknown as typeof testUsd]) {
      await token.write.mint([address[name], fortune])
      await token.write.approve([campaigns.address, fortune], as(name))
      await token.write.approve([licenses.address, fortune], as(name))
    }
  }
  await tagToken.write.transfer([address.operator, operatorStake])
  await tagToken.write.approve([staking.address, operatorStake], as('operator'))
  await staking.write.stake([operatorStake, noPermit], as('operator'))
  return { parameters, staking, campaigns, disputes, passports, licenses, testUsd, tagToken, evil }
}

export type World = Awaited<ReturnType<typeof deployAll>>

/** The world as it was just after deployment. */
export const newWorld = (): Promise<World> => networkHelpers.loadFixture(deployAll)

/** Fails unless the call reverts with this error and these values; `Error` is a plain revert with a reason. */
export async function reverts(
  call: Promise<unknown>,
  name: string,
  args?: readonly unknown[],
): Promise<void> {
  const error = await call.then(
    () => assert.fail(`expected ${name}, but the call went through`),
    (thrown: unknown) => thrown,
  )
  const data = revertDataOf(error)
  if (data === undefined) throw error
  const decoded = decodeErrorResult({ abi: [...errorsAbi, ...mockAbi], data })
  assert.equal(decoded.errorName, name)
  if (args !== undefined) assert.deepEqual(decoded.args, args)
}

/** Finds the bytes a call reverted with, however deep they are wrapped. */
function revertDataOf(error: unknown): Hex | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { data, cause } = error as { data?: unknown; cause?: unknown }
  return revertDataOf(cause) ?? (isHex(data) ? data : revertDataOf(data))
}

/** What mocks tell. */
const mockAbi = parseAbi([
  'event DisputeBegan(bytes32 indexed id, bytes32 indexed batch)',
  'event DisputeEnded(bytes32 indexed id, bytes32 indexed batch, bool isVoid, address challenger)',
  'error NotDisputable(bytes32 id, bytes32 batch)',
])

const eventAbi = [
  ...mockAbi,
  ...campaignsAbi,
  ...disputesAbi,
  ...licensesAbi,
  ...passportsAbi,
  ...parametersAbi,
  ...stakingAbi,
  ...testUsdAbi,
  ...errorsAbi,
].filter((item) => item.type === 'event')

/** The events of a transaction, with their values, in order. Transfers of tokens are left out. */
export async function eventsOf(hash: Hash | Promise<Hash>): Promise<{ name: string; args: unknown }[]> {
  const { logs } = await chain.getTransactionReceipt({ hash: await hash })
  return parseEventLogs({ abi: eventAbi, logs })
    .filter(({ eventName }) => !['Transfer', 'Approval'].includes(eventName))
    .map(({ eventName, args }) => ({ name: eventName, args }))
}

export async function gasOf(hash: Hash | Promise<Hash>): Promise<number> {
  return Number((await chain.getTransactionReceipt({ hash: await hash })).gasUsed)
}
