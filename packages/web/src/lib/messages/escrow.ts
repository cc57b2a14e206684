import { plural } from './plural.ts'

export const escrow = {
  stopped: (campaign: string) => `The operator of “${campaign}” stopped`,
  thisStopped: 'The operator of this campaign stopped',
  register: (amount: string, until: string) =>
    `Register your receipt by ${until} to be paid ${amount} from the escrow.`,
  registerButton: 'Register my receipt',
  registerDone: 'Your receipt is registered.',
  registered: (amount: string, from: string) =>
    `Your receipt is registered. From ${from} on you can collect up to ${amount}.`,
  collect: (amount: string) => `All receipts are checked, and ${amount} of it is yours.`,
  collectButton: 'Collect',
  collectDone: 'The pay is in your wallet.',
  paid: (amount: string) => `You were paid ${amount} for your receipt.`,
  late: (until: string) => `The time to register receipts ended ${until}. This one was not registered.`,
  nothing: 'Your receipt is owed nothing above what final batches pay you.',
  owner: (from: string) =>
    `Workers register their receipts and are paid first. From ${from} on you can take back the rest.`,
  ownerRest: (amount: string) => `The receipts are checked. ${amount} is left and yours.`,
  ownerDone: 'All that was left came back to you.',
  ownerStart:
    'Nobody has told the escrow yet. Start it, so that workers are paid and the rest comes back to you.',
  startButton: 'Start paying out',
  startDone: 'Workers can register their receipts now.',
  details: 'How this works',
  detailsText:
    'The money never was with the operator: it is in a contract. Your device keeps the operator’s signed receipts for what you answered. When an operator lets the time for its last batch pass, anyone moves the campaign on: receipts are registered, checked, and paid before the rest goes back to the requester. Each is worth the least pay of its answers at most. What a final batch pays is still yours to claim; what both count is paid once.',
  receipts: {
    title: 'Receipts',
    text: (n: number) =>
      `This browser keeps ${plural(n, 'receipt', 'receipts')}: what gets you paid if an operator stops for good. This page comes from an operator too, so save them to a file. It opens here, in the app of any other node of the network, and in the command line.`,
    none: 'This browser keeps no receipts yet. It keeps one of each campaign you answer in.',
    save: 'Save receipts',
    open: 'Open saved receipts',
    opened: (n: number) => `${plural(n, 'receipt', 'receipts')} opened.`,
  },
  pending: {
    question: 'Does the batch that is open to checks hold all your answers?',
    check: 'Check it',
    held: (answers: string) => `It holds your ${answers}.`,
    leftOut: (until: string) =>
      `It leaves out answers you have a receipt for. Contest it by ${until}: the operator has to show them, or the batch is dropped and half of its bond is yours.`,
    unknown: (until: string) =>
      `Its evidence cannot be had or is not what was announced. You may contest it by ${until}: if the batch holds your answers, the operator shows it, and it costs you the transaction only.`,
    contest: 'Contest the batch',
    contested: 'The batch is contested.',
    waiting: 'Your contest waits for the operator’s answer.',
    void: 'The operator did not answer in time.',
    drop: 'Drop the batch',
    dropped: 'The batch is dropped.',
  },
} as const
