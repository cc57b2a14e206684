import { loadConfig } from '../../src/config.ts'
import { startNode } from '../../src/start.ts'

/** A node to be killed: says `ready` once it works, and goes on until then. */
await startNode(
  loadConfig(process.env, { dataFolder: process.argv[2]!, port: 0, chainPort: 0, logLevel: 'silent' }),
)
process.stdout.write('ready\n')
