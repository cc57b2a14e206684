import type { Verdict } from '@tagger/protocol'
import type { Voice } from '../output.ts'
import type { Accuracy } from './accuracy.ts'
import type { Gas } from './gas.ts'
import type { Tampered } from './tamper.ts'

/** What a replay found: the JSON line, but for `verify`. */
export interface Report {
  dataset: string
  items: number
  workers: number
  records: number
  accuracy: Omit<Accuracy, 'items'>
  batches: number
  gas: Gas
  paid: bigint
  escrowLeft: bigint
  verify: { ok: boolean; seconds: number; records: number } | { ok: false; code: string; at: unknown }
  tampered?: Tampered
  ledgerEqualsChain: boolean
  seconds: number
  recordsPerSecond: number
}

const BAR = 40

/** The report for people: what was played, how good the answers are, what it cost, whether it holds. */
export function tellReport(
  report: Report,
  verdict: Verdict,
  symbol: string,
  decimals: number,
  voice: Voice,
): void {
  const { accuracy, gas } = report
  const line = (name: string, value: string | number) => voice.say(`  ${name.padEnd(22)}${value}`)
  voice.say()
  voice.say(
    `${report.dataset}: ${report.records} answers of ${report.workers} people to ${report.items} items`,
  )
  voice.say()
  bar('majority', accuracy.majority, voice)
  bar('Dawid–Skene', accuracy.dawidSkene, voice)
  bar('as published', accuracy.published, voice)
  voice.say()
  line('intake', `${report.recordsPerSecond} records/s`)
  line('batches', report.batches)
  line('paid to workers', `${money(report.paid, decimals)} ${symbol}`)
  line('left in escrow', `${money(report.escrowLeft, decimals)} ${symbol}`)
  line('gas', `open ${gas.open}, propose ${gas.propose}, finalize ${gas.finalize}, claim ${gas.claimMean}`)
  line('', `purchase ${gas.purchase}, per record ${gas.perRecord}`)
  line('ledger equals chain', report.ledgerEqualsChain ? 'yes' : 'NO')
  if (report.tampered !== undefined) line('tampered with', describe(report.tampered))
  line('verified', verdict.ok ? `yes, ${verdict.records} records` : `NO: ${verdict.message}`)
  if (!verdict.ok) line('', describe({ code: verdict.code, ...verdict.at }))
  line('whole run', `${report.seconds} s`)
}

function bar(name: string, share: number, voice: Voice): void {
  const full = Math.round(share * BAR)
  voice.say(`  ${name.padEnd(22)}${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${(share * 100).toFixed(2)} %`)
}

function describe(place: object): string {
  return Object.entries(place)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

/** An amount in whole tokens. */
export function money(amount: bigint, decimals: number): string {
  const text = amount.toString().padStart(decimals + 1, '0')
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`
}
