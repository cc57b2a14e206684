/** What a deployment is made of: every transaction in order, and every address before the first is sent. */
import {
  type Abi,
  type Address,
  encodeDeployData,
  encodeFunctionData,
  getContractAddress,
  type Hex,
} from 'viem'
import {
  campaignsAbi,
  campaignsBytecode,
  disputesAbi,
  disputesBytecode,
  licensesAbi,
  licensesBytecode,
  parametersAbi,
  parametersBytecode,
  passportsAbi,
  passportsBytecode,
  stakingAbi,
  stakingBytecode,
  tagGovernorAbi,
  tagGovernorBytecode,
  tagTokenAbi,
  tagTokenBytecode,
  testUsdAbi,
  testUsdBytecode,
  timelockAbi,
  timelockBytecode,
} from '../abi/index.ts'

const zero: Address = '0x0000000000000000000000000000000000000000'

/** In the order they are deployed: each may ask only those before it anything in its constructor. */
export const deployedNames = [
  'tagToken',
  'parameters',
  'staking',
  'campaigns',
  'disputes',
  'passports',
  'licenses',
  'timelock',
  'tagGovernor',
  'testUsd',
] as const
export type DeployedName = (typeof deployedNames)[number]

/** Numbers a deployment may start with, by name: those `Parameters` has a setter for. */
export const numberNames = parametersAbi.flatMap((item) =>
  item.type === 'function' && item.name.startsWith('set') && item.name !== 'setTreasury'
    ? [`${item.name[3]!.toLowerCase()}${item.name.slice(4)}` as NumberName]
    : [],
)

/** The network's numbers, as `Parameters` names them. */
type Setter = Extract<(typeof parametersAbi)[number], { type: 'function'; name: `set${string}` }>['name']
export type NumberName = Uncapitalize<
  Exclude<Setter, 'setTreasury'> extends `set${infer name}` ? name : never
>

/** What is to be deployed, by whom, and what differs from the numbers the contracts start with. */
export interface DeployOptions {
  /** Sends every step. Has no rights left after the last one. */
  deployer: Address
  /** The deployer's next nonce: all addresses follow from it. */
  nonce: number
  /** Gets the whole supply of TAG. */
  tagReceiver: Address
  /** Gets fees and slashes; the timelock, unless another account is named. */
  treasury?: Address
  /** Seconds a campaign's batches are open to challenge at least; no time of a vote can be set shorter. */
  minChallengeWindow: bigint
  /** Seconds between a decision of the governor and its execution. */
  timelockDelay: bigint
  /** In this order, which matters where one bounds another. */
  numbers?: readonly (readonly [NumberName, bigint])[]
  /** Only possible on chain 31337. */
  withTestUsd?: boolean
}

/** One transaction, sent with the deployer's nonce `nonce`. */
export interface DeployStep {
  nonce: number
  /** What it does, for people. */
  title: string
  /** The contract deployed, null when one that exists is called. */
  deploys: DeployedName | null
  /** Where it is deployed, or what is called. */
  address: Address
  data: Hex
  /** The encoded arguments at the end of `data`, which explorers ask for; null when nothing is deployed. */
  constructorData: Hex | null
}

export interface DeployPlan {
  contracts: Record<Exclude<DeployedName, 'testUsd'>, Address> & { testUsd: Address | null }
  steps: readonly DeployStep[]
}

/**
 * The plan of a deployment: pure, so that it can be printed, checked and resumed. Contracts that know one another are
 * told each other's addresses before they exist. The timelock owns the parameters after the last step, the governor
 * alone proposes to the timelock, and nobody administers it but itself.
 */
export function planDeployment(options: DeployOptions): DeployPlan {
  const { deployer, nonce, tagReceiver, minChallengeWindow, timelockDelay } = options
  const names = deployedNames.filter((name) => name !== 'testUsd' || options.withTestUsd === true)
  const at = Object.fromEntries(
    names.map((name, place) => [name, getContractAddress({ from: deployer, nonce: BigInt(nonce + place) })]),
  ) as Record<DeployedName, Address>
  const treasury = options.treasury ?? at.timelock

  const deployments: Record<DeployedName, Deployment> = {
    tagToken: { abi: tagTokenAbi, bytecode: tagTokenBytecode, args: [tagReceiver] },
    parameters: {
      abi: parametersAbi,
      bytecode: parametersBytecode,
      args: [deployer, treasury, minChallengeWindow],
    },
    staking: {
      abi: stakingAbi,
      bytecode: stakingBytecode,
      args: [at.tagToken, at.parameters, at.campaigns, at.disputes],
    },
    campaigns: {
      abi: campaignsAbi,
      bytecode: campaignsBytecode,
      args: [at.parameters, at.staking, at.disputes],
    },
    disputes: { abi: disputesAbi, bytecode: disputesBytecode, args: [at.campaigns, at.staking] },
    passports: { abi: passportsAbi, bytecode: passportsBytecode, args: [at.campaigns] },
    licenses: { abi: licensesAbi, bytecode: licensesBytecode, args: [at.passports, at.parameters] },
    // Anyone executes what was decided; no administrator.
    timelock: {
      abi: timelockAbi,
      bytecode: timelockBytecode,
      args: [timelockDelay, [at.tagGovernor], [zero], zero],
    },
    tagGovernor: { abi: tagGovernorAbi, bytecode: tagGovernorBytecode, args: [at.staking, at.timelock] },
    testUsd: { abi: testUsdAbi, bytecode: testUsdBytecode, args: [] },
  }
  const calls = [
    ...(options.numbers ?? []).map(([name, value]) => ({
      title: `set ${name} to ${value}`,
      data: setterData(name, value),
    })),
    {
      title: 'hand the parameters to the timelock',
      data: encodeFunctionData({
        abi: parametersAbi,
        functionName: 'transferOwnership',
        args: [at.timelock],
      }),
    },
  ]
  const steps: DeployStep[] = [
    ...names.map((name, place) => ({
      nonce: nonce + place,
      title: `deploy ${name}`,
      deploys: name,
      address: at[name],
      ...deployData(deployments[name]),
    })),
    ...calls.map(({ title, data }, place) => ({
      nonce: nonce + names.length + place,
      title,
      deploys: null,
      address: at.parameters,
      data,
      constructorData: null,
    })),
  ]
  return { contracts: { ...at, testUsd: options.withTestUsd === true ? at.testUsd : null }, steps }
}

interface Deployment {
  abi: Abi
  bytecode: Hex
  args: readonly unknown[]
}

function deployData(deployment: Deployment): { data: Hex; constructorData: Hex } {
  const data = encodeDeployData(deployment)
  return { data, constructorData: `0x${data.slice(deployment.bytecode.length)}` }
}

function setterData(name: NumberName, value: bigint): Hex {
  const functionName = `set${name[0]!.toUpperCase()}${name.slice(1)}` as Setter
  // Solidity's narrow integers are numbers in viem's types; it takes a bigint for each when it encodes.
  return encodeFunctionData({ abi: parametersAbi, functionName, args: [value] } as Parameters<
    typeof encodeFunctionData
  >[0])
}
