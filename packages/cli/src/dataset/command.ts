import { TaggerError } from '@tagger/protocol'
import type { LicenseTerms } from '@tagger/sdk'
import { Command } from 'commander'
import { connect, type Shared, withShared } from '../campaign/command.ts'
import { createVoice } from '../output.ts'
import { money } from '../replay/report.ts'
import { wholeNumber } from '../settings.ts'

type Renewal = NonNullable<LicenseTerms['renewal']>

/** `tagger dataset add-version | license | renew | take-seat | free-seat`. */
export function datasetCommand(): Command {
  const command = new Command('dataset').description('Datasets of the account in TAGGER_KEY.')
  withShared(command.command('add-version'))
    .description('Add the campaign’s newer final results to a dataset’s passport as its next version.')
    .argument('<id>', 'the dataset that is the newest version now')
    .option('--title <text>', 'what it is called; as before when left out')
    .option('--description <text>', 'what it is; as before when left out')
    .action(addVersion)
  const license = (name: string, about: string) =>
    withShared(command.command(name)).description(about).argument('<license>', 'its number')
  license('license', 'Show when a license ends, what a renewal costs, and who has its seats.').action(show)
  license('renew', 'Prolong a license by its offer’s duration, at its offer’s price.')
    .option('--periods <count>', 'how many times', wholeNumber('--periods', 1_000), 1)
    .action(renew)
  for (const act of ['take-seat', 'free-seat'] as const) {
    license(act, act === 'take-seat' ? 'Let an account use a license too.' : 'Take a seat back.')
      .argument('<account>')
      .action((id: string, account: string, options: Shared) => changeSeat(act, id, account, options))
  }
  return command
}

async function show(id: string, options: Shared): Promise<void> {
  const voice = createVoice(options)
  const terms = await connect(options).licenseTerms(licenseId(id))
  const { owner, expiresAt, renewal, seats, taken } = terms
  voice.say(`  owner     ${owner}`)
  voice.say(`  ends      ${expiresAt === null ? 'never' : new Date(expiresAt * 1_000).toISOString()}`)
  voice.say(`  renewal   ${renewal === null ? 'not offered now' : priceOf(renewal, 1)}`)
  voice.say(`  seats     ${taken.length} of ${seats} taken`)
  for (const account of taken) voice.say(`            ${account}`)
  voice.result(terms)
}

async function renew(id: string, options: Shared & { periods: number }): Promise<void> {
  const voice = createVoice(options)
  const tagger = connect(options)
  const { renewal } = await tagger.licenseTerms(licenseId(id))
  if (renewal !== null) voice.say(`Renewing for ${priceOf(renewal, options.periods)}`)
  const { transactionHash } = await tagger.renewLicense(licenseId(id), options.periods)
  const { expiresAt } = await tagger.licenseTerms(licenseId(id))
  voice.say(`Done: ${transactionHash}`)
  voice.result({ license: id, transaction: transactionHash, expiresAt })
}

async function changeSeat(
  act: 'take-seat' | 'free-seat',
  id: string,
  account: string,
  options: Shared,
): Promise<void> {
  const voice = createVoice(options)
  const tagger = connect(options)
  const change = act === 'take-seat' ? tagger.takeSeat : tagger.freeSeat
  const { transactionHash } = await change(licenseId(id), account)
  const { taken } = await tagger.licenseTerms(licenseId(id))
  voice.say(`Done: ${transactionHash}`)
  voice.result({ license: id, transaction: transactionHash, taken })
}

function priceOf({ price, token, seconds }: Renewal, periods: number): string {
  const days = (seconds * periods) / 86_400
  return `${money(price * BigInt(periods), token.decimals)} ${token.symbol}, ${days} days more`
}

function licenseId(text: string): bigint {
  if (/^\d{1,30}$/.test(text)) return BigInt(text)
  throw new TaggerError('bad-request', `"${text}" is not the number of a license`, {
    hints: ['It is on the page of your licenses.'],
  })
}

async function addVersion(
  id: string,
  options: Shared & { title?: string; description?: string },
): Promise<void> {
  if (!/^[0-9a-f-]{36}$/.test(id)) {
    throw new TaggerError('bad-request', `"${id}" is not the id of a dataset`, {
      hints: ['It is the last part of the address of its page.'],
    })
  }
  const voice = createVoice(options)
  const tagger = connect(options)
  const before = await tagger.api.getDataset({ params: { id } })
  const { title, description } = options
  const dataset = await tagger.addVersion(before, {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    onStep: (step, detail) => voice.say(`  ${step}: ${detail}`),
  })
  voice.say(
    `Version ${dataset.version} of passport ${dataset.passportId}: ${options.node}/market/${dataset.id}`,
  )
  voice.result({ id: dataset.id, passportId: dataset.passportId, version: dataset.version })
}
