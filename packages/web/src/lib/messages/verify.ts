import { plural } from './plural.ts'

export const verify = {
  title: 'Verify',
  lead: 'Recompute every result and every payout from what people signed, here in your browser, and compare with the chain.',
  choose: 'Choose a campaign',
  campaign: 'Campaign',
  none: 'No campaign has a final batch yet.',
  upTo: 'One of its batches is checked, with all before it, whether it is final or not.',
  run: 'Verify',
  again: 'Verify again',
  or: 'or',
  drop: 'Drop evidence files (.car) here',
  dropHint:
    'Downloaded from a campaign page, or sent to you by someone else. What is missing is fetched from this node.',
  chooseFiles: 'Choose files',
  dropped: (n: number) => plural(n, 'file dropped', 'files dropped'),
  steps: {
    chain: 'Reading what the chain holds',
    evidence: 'Fetching evidence',
    check: 'Recomputing',
  },
  checked: (done: string, total: string) => `${done} of ${total} answers checked`,
  batch: (n: number) => `batch ${n}`,
  okTitle: 'Everything holds',
  okText: 'Every signature, result and payout was recomputed here and equals what the chain has anchored.',
  badTitle: 'Something does not hold',
  badText: 'The first thing that differs from what the chain has anchored:',
  nothing: 'This campaign has no final batch yet, so there is nothing to compare.',
  figures: {
    batches: 'Batches',
    records: 'Answers',
    workers: 'People',
    items: 'Items',
    paid: 'Payouts',
    erased: 'Erased',
  },
  place: {
    batch: 'Batch',
    account: 'Account',
    seq: 'Answer',
    item: 'Item',
    root: 'Field',
    code: 'Kind of fault',
  },
  seconds: (text: string) => `Took ${text}.`,
  limit:
    'What this proves: that what was signed leads to what was paid. What it cannot prove: that every signer is a person.',
  how: 'How it works',
  howText:
    'A worker thread in this page reads the final batches of the campaign from the chain, downloads the evidence, checks each signature and receipt, computes results and pay again with the same pure functions the operator used, and compares the fingerprints. No server is trusted.',
} as const
