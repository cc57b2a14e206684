import { endpoints } from '@tagger/protocol/wire'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { listPendingBatches } from './batches.ts'
import { getDispute, listDisputes } from './disputes.ts'
import { listParameters } from './parameters.ts'
import { getProposal, listProposals } from './proposals.ts'
import { getStake, listStakes } from './stakes.ts'

/** What is at stake, disputed and decided on the network, for anyone. */
export function governRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.listDisputes, ({ query }) => listDisputes(node, query))
  routes.on(endpoints.getDispute, ({ params }) => getDispute(node, params.id))
  routes.on(endpoints.listPendingBatches, ({ query }) => listPendingBatches(node, query))
  routes.on(endpoints.listStakes, ({ query }) => listStakes(node, query))
  routes.on(endpoints.getStake, ({ params }) => getStake(node, params.account))
  routes.on(endpoints.listProposals, ({ query }) => listProposals(node, query))
  routes.on(endpoints.getProposal, ({ params }) => getProposal(node, params.id))
  routes.on(endpoints.listParameters, () => listParameters(node))
}
