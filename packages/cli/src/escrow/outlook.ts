import type { EscrowState, Step, Tagger, Wait } from '@tagger/sdk'
import type { Voice } from '../output.ts'
import { money } from '../replay/report.ts'

const LEAST_PAUSE_SECONDS = 1
const MOST_PAUSE_SECONDS = 30

/** Where a campaign stands for the account, in words. */
export function tell({ title, facts, receipt, steps, token }: EscrowState, say: Voice['say']): void {
  const amount = (value: bigint) => `${money(value, token.decimals)} ${token.symbol}`
  say(`${title ?? facts.campaignId}: ${facts.status}`)
  if (receipt !== null) {
    say(`  receipt   ${receipt.count} records, ${amount(receipt.owedAtLeast)} owed at least`)
  }
  say(`  claimed   ${amount(facts.claimed)}`)
  if (facts.receiptStatus !== 'none') say(`  receipt is ${facts.receiptStatus}: ${amount(facts.worth)}`)
  for (const step of steps.now) say(`  now       ${inWords(step, amount)}`)
  if (steps.next !== null) say(`  next      ${waitInWords(steps.next)}`)
}

/** Waits until the campaign lets the account do this, moving it on whenever that is due. */
export async function waitForStep(
  tagger: Tagger,
  campaignId: EscrowState['facts']['campaignId'],
  act: Step['act'],
  voice: Voice,
): Promise<void> {
  for (;;) {
    const { steps, facts } = await tagger.escrow.read(campaignId)
    if (steps.now.some((step) => step.act === act)) return
    if (steps.now.some((step) => step.act === 'advance' || step.act === 'void')) {
      await tagger.escrow.advance(campaignId)
      continue
    }
    // Nothing to wait for, or it would bring something else: the command says what stands in its way.
    if (steps.next === null || steps.next.for === 'silence') return
    await waitFor(steps.next, facts.now, voice)
  }
}

async function waitFor(wait: Wait, now: number, voice: Voice): Promise<void> {
  const seconds = wait.until === null ? MOST_PAUSE_SECONDS : Math.max(LEAST_PAUSE_SECONDS, wait.until - now)
  const progress = voice.progress(`seconds; ${waitInWords(wait)}`, seconds)
  for (let waited = 0; waited < seconds; waited += LEAST_PAUSE_SECONDS) {
    progress.update(waited)
    await new Promise((resolve) => setTimeout(resolve, LEAST_PAUSE_SECONDS * 1_000))
    // The chain's clock may run ahead of this one.
    if (waited > 0 && waited % MOST_PAUSE_SECONDS === 0) break
  }
  progress.end()
}

function inWords(step: Step, amount: (value: bigint) => string): string {
  switch (step.act) {
    case 'contest':
      return `contest the pending batch until ${time(step.until)}, if it leaves out your records`
    case 'void':
      return 'advance: drop the batch whose contest was not answered'
    case 'claim':
      return `claim ${amount(step.amount)} that a final batch pays`
    case 'advance':
      return `advance: the campaign becomes ${step.to === 'final' ? 'settled up to its pending batch' : step.to}`
    case 'register':
      return `register the receipt until ${time(step.until)}: ${amount(step.amount)} at most`
    case 'collect':
      return `collect ${amount(step.amount)} for the receipt`
    case 'refund':
      return `refund ${amount(step.amount)} to the requester`
    case 'fees':
      return `${amount(step.amount)} of fees wait for operator and treasury`
  }
}

const WAITS: Record<Wait['for'], string> = {
  final: 'the pending batch becomes final',
  answers: 'contests of the pending batch are answered until then',
  dispute: 'a dispute has stopped the clock',
  silence: 'the campaign falls silent unless the operator closes it',
  check: 'receipts are registered until then',
  checked: 'receipts are checked until then',
}

function waitInWords(wait: Wait): string {
  return wait.until === null ? WAITS[wait.for] : `${time(wait.until)}: ${WAITS[wait.for]}`
}

function time(seconds: number): string {
  return new Date(seconds * 1_000).toISOString()
}
