/**
 * Records a second through the whole intake: HTTP parsing, leases, chains, P-256 heads, storage, receipts, validation.
 * Prints one JSON line. `node bench/intake.ts [--records 10000] [--workers 16] [--chunk 250]`
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

// A process of its own: it measures with the node's test harness, which no other package may import.
const script = join(import.meta.dirname, '../packages/node/test/bench/intake.ts')
const { status } = spawnSync(process.execPath, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
process.exitCode = status ?? 1
