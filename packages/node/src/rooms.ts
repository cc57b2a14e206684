import { annotateRoutes } from './annotate/routes.ts'
import type { Room } from './app.ts'
import { startLeaseSweep } from './assign/jobs.ts'
import { assignRoutes } from './assign/routes.ts'
import { campaignsRoutes } from './campaigns/routes.ts'
import { collectRoutes } from './collect/routes.ts'
import { startStatistics } from './db/statistics.ts'
import { governRoutes } from './govern/routes.ts'
import { identityRoutes } from './identity/routes.ts'
import { reconciliationRoutes, startReconciliation } from './network/reconciliation.ts'
import { networkRoutes } from './network/routes.ts'
import type { Node } from './node.ts'
import { startSettlement } from './settle/jobs.ts'
import { settleRoutes } from './settle/routes.ts'
import { startDelivery } from './trade/jobs.ts'
import { tradeRoutes } from './trade/routes.ts'
import { startValidation } from './validate/jobs.ts'

/** Work that goes on beside requests until it is stopped. */
export type Job = (node: Node) => { stop(): Promise<void> }

/** Every room with routes; the layers in the order of the data's way. */
export const rooms: readonly Room[] = [
  networkRoutes,
  reconciliationRoutes,
  identityRoutes,
  campaignsRoutes,
  collectRoutes,
  assignRoutes,
  annotateRoutes,
  settleRoutes,
  tradeRoutes,
  governRoutes,
]

/** Every room's jobs, started in this order and stopped in the reverse one. */
export const jobs: readonly Job[] = [
  startStatistics,
  startLeaseSweep,
  startValidation,
  startSettlement,
  startDelivery,
  startReconciliation,
]
