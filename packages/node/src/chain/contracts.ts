import {
  campaignsAbi,
  disputesAbi,
  errorsAbi,
  licensesAbi,
  parametersAbi,
  passportsAbi,
  stakingAbi,
  tagGovernorAbi,
  tagTokenAbi,
  testUsdAbi,
  timelockAbi,
} from '@tagger/contracts/abi'
import type { Address } from '@tagger/protocol'
import type { Abi } from 'viem'
import type { Contracts } from '../node.ts'

export type ContractName = keyof Contracts

/** ABIs of our contracts; each also knows every error, as one contract passes on another's. */
export const abis: Record<ContractName, Abi> = {
  campaigns: withErrors(campaignsAbi),
  parameters: withErrors(parametersAbi),
  passports: withErrors(passportsAbi),
  licenses: withErrors(licensesAbi),
  tagToken: withErrors(tagTokenAbi),
  staking: withErrors(stakingAbi),
  disputes: withErrors(disputesAbi),
  timelock: withErrors(timelockAbi),
  tagGovernor: withErrors(tagGovernorAbi),
  testUsd: withErrors(testUsdAbi),
}

/** Names as people read them. */
export const contractTitles: Record<ContractName, string> = {
  campaigns: 'Campaigns',
  parameters: 'Parameters',
  passports: 'Passports',
  licenses: 'Licenses',
  tagToken: 'TagToken',
  staking: 'Staking',
  disputes: 'Disputes',
  timelock: 'TimelockController',
  tagGovernor: 'TagGovernor',
  testUsd: 'TestUSD',
}

/** Which of our contracts lives at an address, null when none does. */
export function contractAt(contracts: Contracts, address: string): ContractName | null {
  const wanted = address.toLowerCase()
  const names = Object.keys(abis) as ContractName[]
  return names.find((name) => contracts[name] === (wanted as Address)) ?? null
}

function withErrors(abi: Abi): Abi {
  const known = new Set(abi.filter((entry) => entry.type === 'error').map((entry) => entry.name))
  return [...abi, ...(errorsAbi as Abi).filter((entry) => entry.type === 'error' && !known.has(entry.name))]
}
