import { METHOD_VERSIONS } from '@tagger/protocol'
import { Command, Option } from 'commander'
import { createVoice, EXIT, Exit } from '../output.ts'
import { type ReplayOptions, replay } from './replay.ts'
import { TAMPERINGS } from './tamper.ts'

/** `tagger replay`: answers people gave before, from upload to paid, verified, sold and paid again. */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Play a crowd’s answers through the whole network and prove what came out.')
    .option(
      '--data <folder>',
      'labels.csv, truth.csv and maybe items.jsonl; without it the replay makes its own crowd',
    )
    .option('--seed <text>', 'of the own crowd and the wallets', 'tagger')
    .option('--node <url>', 'a running local node, instead of a network of its own')
    .option('--keep <folder>', 'keep network and journal there; a run that was killed goes on')
    .addOption(
      new Option('--tamper <what>', 'change one thing in the evidence before it is verified').choices(
        TAMPERINGS,
      ),
    )
    .addOption(
      new Option('--method <method>', 'of consensus: the newest version of it')
        .choices(Object.keys(METHOD_VERSIONS))
        .default('dawid-skene'),
    )
    .option('--json', 'one JSON line last')
    .action(async (options: ReplayOptions & { json?: boolean }) => {
      const voice = createVoice(options)
      const { report, isSound, holds } = await replay(options, voice)
      voice.result(report)
      if (!isSound) throw new Exit(EXIT.unsound)
      if (!holds) throw new Exit(EXIT.failed)
    })
}
