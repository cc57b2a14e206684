/**
 * What it costs to pay for this many records in three ways; the last line on the standard output is the measurement as
 * JSON. Run by `npm run bench -- settlement` in this package's folder: `settlement.ts <records> <executed: true | false>`.
 * Everybody is paid for the first time in a token they never held. Where not all is executed, one call of each kind is,
 * with lists and proofs as long as they would be, and the rest is multiplied.
 */
import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import hre from 'hardhat'
import { type Address, type Hash, type Hex, keccak256, padHex, parseAbi, toHex } from 'viem'
import { type Batch, leafOf, nextBatch, openCampaign } from '../test/campaign.ts'
import { as, chain, deployMock, gasOf, newWorld, time } from '../test/world.ts'

const RECORDS_PER_WORKER = 10
const PAY = 50_000n
const PAYEES_PER_CALL = 100
const pushPayerAbi = parseAbi(['function pay(address, address[], uint256[], bytes32)'])

const records = Number(process.argv[2] ?? 100)
const isExecuted = process.argv[3] !== 'false'
const workers = Math.ceil(records / RECORDS_PER_WORKER)
const owed = PAY * BigInt(RECORDS_PER_WORKER)

await hre.tasks.getTask('build').run({ noTests: true, quiet: true })
const world = await newWorld()
const { campaigns, testUsd } = world
const measured = {
  records,
  workers,
  isExecuted,
  // One transfer of the token per label; nothing is said of the results.
  perLabel: costOf(await payPerLabel()),
  // A hundred payees per call, and a hash of the results.
  push: costOf(await push()),
  // One root for everybody, claimed by the hundred: neighbors in the tree share most of a proof.
  root: await claimTogether(),
  rootAlone: await claimAlone(),
}
console.log(JSON.stringify(measured))
process.exit(0)

/** Gas of one way to settle, all of it. */
function costOf(total: number) {
  return {
    total: Math.round(total),
    perWorker: Math.round(total / workers),
    perRecord: Math.round(total / records),
  }
}

/** Accounts that nobody has seen yet, others for each way. */
function newcomers(way: number): Address[] {
  const first = BigInt(way + 1) << 80n
  return Array.from({ length: workers }, (_, i) => padHex(toHex(first + BigInt(i)), { size: 20 }))
}

/** Each worker's first label costs more than the others: the token keeps a balance for them from then on. */
async function payPerLabel(): Promise<number> {
  const accounts = newcomers(0)
  const pay = (to: Address) => gasOf(testUsd.write.transfer([to, PAY], { ...as('operator'), gas: 100_000n }))
  if (!isExecuted) {
    const [first, next] = [await pay(accounts[0]!), await pay(accounts[0]!)]
    return first * workers + next * (records - workers)
  }
  let total = 0
  for (let i = 0; i < records; i++) total += await pay(accounts[i % workers]!)
  return total
}

async function push(): Promise<number> {
  const payer = await deployMock('PushPayer', pushPayerAbi)
  await testUsd.write.approve([payer.address, 2n ** 255n], as('operator'))
  await payer.write.pay([testUsd.address, [], [], keccak256('0x00')], as('operator'))
  const pay = (payees: readonly Address[]) => {
    const args = [testUsd.address, payees, payees.map(() => owed), keccak256('0x01')] as const
    return gasOf(payer.write.pay(args, as('operator')))
  }
  return await byTheHundred(newcomers(1), pay)
}

async function claimTogether(): Promise<ReturnType<typeof withClaims>> {
  const { batch, tree, lines, ...fixed } = await settle(2)
  const claims = await byTheHundred(lines, (group) => {
    const { leaves, proof, proofFlags } = tree.getMultiProof(group.map(({ leaf }) => leaf))
    const accountOf = new Map(group.map(({ leaf, account }) => [leaf, account]))
    const accounts = leaves.map((leaf) => accountOf.get(leaf as Hex)!)
    const claim = { accounts, amounts: accounts.map(() => owed), proof: proof as Hex[], proofFlags }
    return gasOf(campaigns.write.claimMany([batch.named, claim]))
  })
  return withClaims(fixed, claims)
}

async function claimAlone(): Promise<ReturnType<typeof withClaims>> {
  const { batch, tree, lines, ...fixed } = await settle(3)
  const claim = ({ leaf, account }: Line): Promise<Hash> =>
    campaigns.write.claim([batch.named, { account, amount: owed, proof: tree.getProof(leaf) as Hex[] }])
  const wanted = isExecuted ? lines : lines.slice(0, 1)
  let total = 0
  for (const line of wanted) total += await gasOf(claim(line))
  return withClaims(fixed, (total * workers) / wanted.length)
}

interface Line {
  leaf: Hex
  account: Address
}

/** A campaign with one final batch that pays everybody; its lines in the order of the tree. */
async function settle(way: number): Promise<{
  batch: Batch
  tree: SimpleMerkleTree
  lines: Line[]
  open: number
  propose: number
  finalize: number
}> {
  const total = owed * BigInt(workers)
  const campaign = await openCampaign(world, { funds: 2n * total, nonce: BigInt(way) })
  const open = Number((await chain.getBlock()).gasUsed)
  const lines = newcomers(way).map((account) => ({ account, leaf: leafOf(campaign.id, account, owed) }))
  lines.sort((a, b) => (a.leaf < b.leaf ? -1 : 1))
  const tree = SimpleMerkleTree.of(lines.map(({ leaf }) => leaf))
  const roots = { payoutsRoot: tree.root as Hex, payoutsTotal: total }
  const batch = await nextBatch(world, campaign, [], roots)
  const { terms } = campaign
  const proposed = campaigns.write.propose([terms, batch.header, batch.previousRoot], as('operator'))
  const propose = await gasOf(proposed)
  await time.increase(terms.challengeWindow)
  const finalize = await gasOf(campaigns.write.finalize([terms, batch.header]))
  return { batch, tree, lines, open, propose, finalize }
}

/** Gas of as many calls as it takes; of one, multiplied, where not all is executed. */
async function byTheHundred<T>(
  entries: readonly T[],
  call: (group: readonly T[]) => Promise<number>,
): Promise<number> {
  const first = entries.slice(0, PAYEES_PER_CALL)
  if (!isExecuted) return ((await call(first)) * entries.length) / first.length
  let total = 0
  for (let i = 0; i < entries.length; i += PAYEES_PER_CALL)
    total += await call(entries.slice(i, i + PAYEES_PER_CALL))
  return total
}

function withClaims(fixed: { open: number; propose: number; finalize: number }, claims: number) {
  const { open, propose, finalize } = fixed
  return {
    ...costOf(open + propose + finalize + claims),
    open,
    propose,
    finalize,
    claims: Math.round(claims),
  }
}
