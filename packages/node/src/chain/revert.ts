import { BaseError, ContractFunctionRevertedError, decodeErrorResult, type Hex } from 'viem'
import { abis } from './contracts.ts'

/** Why the contracts refuse a call, in words; null when the error is not a refusal but a fault on the way. */
export function revertReason(error: unknown): string | null {
  if (!(error instanceof BaseError)) return null
  const decoded = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  if (decoded instanceof ContractFunctionRevertedError) return decoded.reason ?? decoded.shortMessage
  const data = revertData(error)
  if (data !== null) return describe(data)
  const refused = error.walk((cause) => (cause as Error).name === 'ExecutionRevertedError')
  return refused ? ((refused as BaseError).details ?? refused.message) : null
}

function revertData(error: BaseError): Hex | null {
  let found: Hex | null = null
  error.walk((cause) => {
    const { data } = cause as { data?: unknown }
    const value = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : data
    if (typeof value === 'string' && /^0x[0-9a-f]{8,}$/i.test(value)) found = value as Hex
    return false
  })
  return found
}

function describe(data: Hex): string {
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: abis.campaigns, data }) as {
      errorName: string
      args?: readonly unknown[]
    }
    return `${errorName}(${args.map(String).join(', ')})`
  } catch {
    return `reverted with ${data.slice(0, 74)}`
  }
}
