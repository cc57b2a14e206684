import type { Room } from './app.ts'
import { networkRoutes } from './network/routes.ts'
import type { Node } from './node.ts'

/** Work that goes on beside requests until it is stopped. */
export type Job = (node: Node) => { stop(): Promise<void> }

/** Every room with routes; the layers in the order of the data's way. */
export const rooms: readonly Room[] = [networkRoutes]

/** Every room's jobs, started in this order and stopped in the reverse one. */
export const jobs: readonly Job[] = []
