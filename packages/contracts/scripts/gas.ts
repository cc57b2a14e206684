/**
 * `npm run gas`: what each call costs, beside what we aim at and what the nearest peers need. With `--json` the figures
 * that have an aim, and nothing else. Measured on Hardhat's chain by `test/gas.ts`.
 */
import hre from 'hardhat'

/** Issue 4: gas, and what comparable systems spend on the same (HUMAN Protocol, Ocean). */
const aims = {
  open: [165_000, '2,810,000: a contract per job'],
  propose: [80_000, '216,000 to store results'],
  finalize: [50_000, ''],
  claimFirst: [95_000, ''],
  claimRepeat: [60_000, ''],
  claimManyNew: [45_000, '30,500 pushed, without proof'],
  claimManyRepeat: [24_000, '13,400 pushed, without proof'],
  claimManyFirstEver: [null, ''],
  registerReceipt: [80_000, ''],
  contest: [90_000, ''],
  answer: [70_000, ''],
  mint: [260_000, '1,440,000 to publish'],
  purchase: [260_000, '368,000 in three transactions'],
} as const satisfies Record<string, readonly [number | null, string]>

process.chdir(hre.config.paths.root)
await hre.tasks.getTask('build').run({ noTests: true, quiet: true })
const { measure } = await import('../test/gas.ts')
const figures = await measure()

if (process.argv.includes('--json')) {
  console.log(JSON.stringify(Object.fromEntries(Object.keys(aims).map((name) => [name, figures[name]]))))
} else {
  const row = (cells: readonly string[]) =>
    console.log(cells.map((cell, i) => (i === 1 || i === 2 ? cell.padStart(9) : cell.padEnd(26))).join('  '))
  const number = (value: number | null | undefined) => value?.toLocaleString('en-US') ?? '–'
  row(['call', 'gas', 'aim', 'peers'])
  for (const [name, gas] of Object.entries(figures)) {
    const [aim, peers] = (aims as Record<string, readonly [number | null, string]>)[name] ?? [null, '']
    row([name, number(gas), number(aim), aim !== null && gas > aim ? `above the aim; ${peers}` : peers])
  }
}
process.exit(0)
