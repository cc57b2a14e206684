import { TaggerError } from '@tagger/protocol'
import { loadConfig } from './config.ts'
import { startNode } from './start.ts'

/** Runs a node until it is told to stop. */
async function main(): Promise<void> {
  const running = await startNode(loadConfig())
  console.log(running.url)
  const stop = () => {
    // A second signal ends it at once.
    process.once('SIGINT', () => process.exit(130))
    process.once('SIGTERM', () => process.exit(143))
    running.close().then(
      () => process.exit(0),
      (error) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

main().catch((error) => {
  const isKnown = error instanceof TaggerError
  console.error(isKnown ? [error.message, ...error.hints.map((hint) => `  ${hint}`)].join('\n') : error)
  process.exitCode = 1
})
