import type { Crypto } from '../bytes/crypto.ts'
import { rootsOf } from '../settlement/roots.ts'
import { closeSettlement, type Settlement } from '../settlement/settle.ts'
import type { ChainFacts, Statement, Verified } from './campaign.ts'
import { compareConclusion, compareHeader, compareRoots, compareSettlement, listsOf } from './outcome.ts'
import type { OpenBatch } from './read-batch.ts'
import { verifyReceiptsPaid } from './receipts.ts'
import { verifyItems } from './rules.ts'
import { concludeStated, type StatedContext } from './stated.ts'
import { refusing } from './verdict.ts'

/** Checks that the batch is what follows from its records, and the one that is final on chain. */
export async function repeatBatch(
  { statement, stateDigest, root, header, context, signatures, repetition, roots, after }: OpenBatch,
  { owed: owedBefore }: Verified,
  { terms }: ChainFacts,
  crypto: Crypto,
): Promise<Verified> {
  const { spec, before } = context
  await signatures
  const conclusion =
    repetition === null
      ? concludeStated(statement, context, before.pick ?? after.state.pick)
      : await repeatSettlement(statement, repetition, context)
  const { state } = conclusion
  compareConclusion(statement, { digest: stateDigest, state: after.state }, conclusion)
  verifyItems(spec, state, crypto)
  const owed = verifyReceiptsPaid(statement, owedBefore, terms, state)
  compareRoots(statement, (await roots) ?? rootsOf(listsOf(statement, state), crypto))
  compareHeader(statement, root, header)
  // What the bundle says the state is has the digest of what it comes to: one copy is enough.
  return { ...after, owed }
}

async function repeatSettlement(
  statement: Statement,
  { settlement: open, fitted }: NonNullable<OpenBatch['repetition']>,
  { records }: StatedContext,
): Promise<Settlement> {
  const made = await fitted
  const settlement = refusing(() => closeSettlement(open, made))
  compareSettlement(statement, settlement, records)
  return settlement
}
