import { TaggerError } from '@tagger/protocol'
import { Command } from 'commander'
import { connect, type Shared, withShared } from '../campaign/command.ts'
import { createVoice } from '../output.ts'

/** `tagger dataset add-version`. */
export function datasetCommand(): Command {
  const command = new Command('dataset').description('Datasets of the account in TAGGER_KEY.')
  withShared(command.command('add-version'))
    .description('Add the campaign’s newer final results to a dataset’s passport as its next version.')
    .argument('<id>', 'the dataset that is the newest version now')
    .option('--title <text>', 'what it is called; as before when left out')
    .option('--description <text>', 'what it is; as before when left out')
    .action(addVersion)
  return command
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
