import { errorsAbi } from '@tagger/contracts/abi'
import { TaggerError } from '@tagger/protocol'
import {
  BaseError,
  ContractFunctionRevertedError,
  decodeErrorResult,
  ExecutionRevertedError,
  type Hex,
  toFunctionSelector,
  UserRejectedRequestError,
} from 'viem'
import { formatAbiItem } from 'viem/utils'

/** What to do about the refusals people meet; the others explain themselves. */
const HINTS: Record<string, string> = {
  InsufficientFunds: 'Top up the campaign.',
  WrongStatus: 'The campaign is in another state by now: look at its page.',
  NotRequester: 'Use the wallet that opened the campaign.',
  DeadlineNotPassed: 'Before the deadline only the wallet that opened the campaign closes it.',
  WindowOpen: 'Wait until the challenge window has passed.',
  NothingToClaim: 'It was paid already.',
  NothingToRefund: 'It was refunded already.',
  InvalidAcceptance: 'Ask the node for a new acceptance of these terms.',
  WrongProtocolFee: 'The network changed its fee: ask the node for a new acceptance.',
  OfferUnavailable: 'The offer was withdrawn or the passport changed hands.',
  NotNewestVersion: 'The dataset has a newer version than the one you looked at: look at it first.',
  PriceAboveMax: 'The offer costs more than you agreed to.',
  ExclusivelyLicensed: 'Somebody holds an exclusive license: wait until it ends.',
  OthersRun: 'An exclusive license is sold once all others have ended.',
  InspectionRuns: 'Wait until the buyer has had time to look.',
  InspectionOver: 'The time to look is over.',
  NotRenewable: 'It has ended, never ends, or is no longer on offer: buy another license.',
  NoSeatLeft: 'Take a seat back first.',
  DeliveryDue: 'The seller still has time to deliver.',
  ERC20InsufficientBalance: 'The account holds too little of the token.',
  ERC20InsufficientAllowance: 'Allow the contract to take the amount, or sign the permit.',
}

/** Turns what viem throws into one sentence and what to do; leaves our own errors as they are. */
export function explainChainError(error: unknown, what: string): TaggerError {
  if (error instanceof TaggerError) return error
  if (!(error instanceof BaseError)) {
    return new TaggerError('transaction-failed', `${what} failed: ${messageOf(error)}`, { cause: error })
  }
  if (error.walk((cause) => cause instanceof UserRejectedRequestError)) {
    return new TaggerError('transaction-failed', `${what} was declined in the wallet`, { cause: error })
  }
  const reverted = error.walk((cause) => cause instanceof ContractFunctionRevertedError)
  if (reverted instanceof ContractFunctionRevertedError) {
    const decoded = reverted.data ?? decode(reverted.raw)
    if (decoded !== null) return refusal(what, decoded.errorName, decoded.args ?? [], error)
    return new TaggerError('transaction-failed', `${what} was refused: ${reverted.shortMessage}`, {
      cause: error,
    })
  }
  const named = errorBySelector(error.message)
  if (named !== null) return refusal(what, named, [], error)
  if (/fetch|HTTP request failed|timed? ?out/i.test(error.shortMessage)) {
    return new TaggerError('chain-unreachable', `${what}: the chain does not answer`, { cause: error })
  }
  if (/insufficient funds/i.test(error.message)) {
    return new TaggerError('transaction-failed', `${what}: the account has no gas`, {
      cause: error,
      hints: ['On the local network the faucet gives some.'],
    })
  }
  return new TaggerError('transaction-failed', `${what} failed: ${error.shortMessage}`, {
    cause: error,
    hints: error.details ? [`The chain says: ${error.details}`] : [],
  })
}

/** Whether a contract refused, as opposed to a wallet or the network. */
export function isRevert(error: unknown): boolean {
  return error instanceof BaseError && error.walk((cause) => cause instanceof ExecutionRevertedError) !== null
}

/** Some nodes tell a refused estimate in words only: "custom error 0x…", the error's selector. */
function errorBySelector(message: string): string | null {
  const selector = /custom error (0x[0-9a-f]{8})/.exec(message)?.[1]
  if (selector === undefined) return null
  return errorsAbi.find((entry) => toFunctionSelector(formatAbiItem(entry)) === selector)?.name ?? null
}

function decode(raw: Hex | undefined): { errorName: string; args: readonly unknown[] } | null {
  if (raw === undefined) return null
  try {
    const { errorName, args } = decodeErrorResult({ abi: errorsAbi, data: raw })
    return { errorName, args: (args ?? []) as readonly unknown[] }
  } catch {
    return null
  }
}

function refusal(what: string, name: string, args: readonly unknown[], cause: unknown): TaggerError {
  const inputs = errorsAbi.find((entry) => entry.name === name)?.inputs ?? []
  const values = args.map((value, i) => `${words(inputs[i]?.name ?? 'value')} ${String(value)}`)
  const hint = HINTS[name]
  const detail = values.length > 0 ? ` (${values.join(', ')})` : ''
  return new TaggerError('transaction-failed', `${what} was refused: ${words(name)}${detail}`, {
    cause,
    hints: hint === undefined ? [] : [hint],
    data: { error: name, args: args.map(String) },
  })
}

/** `WindowOpen` → `window open`. */
function words(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/^[A-Z](?=[a-z])|(?<= )[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase())
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
