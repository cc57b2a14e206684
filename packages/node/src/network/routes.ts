import { TaggerError } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import type { Routes } from '../http/routes.ts'
import { EventStreams } from '../http/stream.ts'
import type { Node } from '../node.ts'
import { describeHealth } from './health.ts'
import { describeNetwork } from './overview.ts'
import { describeTransaction } from './transaction.ts'

/** What the network is and what happens on it. */
export function networkRoutes(routes: Routes, node: Node): void {
  const startedAt = node.now()
  const streams = new EventStreams()

  routes.on(endpoints.getNetwork, () => describeNetwork(node, demoCrowdOf(node)))
  routes.on(endpoints.getHealth, () => describeHealth(node, startedAt))
  routes.on(endpoints.getTransaction, ({ params }) => describeTransaction(node, params.hash))

  routes.on(endpoints.listActivity, async ({ query }) => ({ data: await node.activity.recent(query) }))
  routes.on(endpoints.streamActivity, async ({ query }) =>
    streams.respond((send) =>
      node.activity.listen((activity) => {
        if (query.campaignId !== undefined && activity.campaignId !== query.campaignId) return
        send({ id: activity.id, data: activity })
      }),
    ),
  )

  routes.on(endpoints.createFaucetDrop, async ({ body }) => {
    if (!node.chain.faucet) throw new TaggerError('not-found', 'This network has no faucet')
    const { wei, tag, testUsd, transactions } = await node.chain.faucet(body.account)
    return {
      account: body.account,
      wei: wei.toString(),
      tag: tag.toString(),
      testUsd: testUsd.toString(),
      transactions,
    }
  })
  routes.on(endpoints.setDemoCrowd, async ({ body }) => {
    if (!node.demoCrowd) throw new TaggerError('unavailable', 'This node was started without a demo crowd')
    await node.demoCrowd.set(body.isRunning)
    return demoCrowdOf(node)!
  })
}

function demoCrowdOf(node: Node): { isRunning: boolean; bots: number } | null {
  return node.demoCrowd && { isRunning: node.demoCrowd.isRunning, bots: node.demoCrowd.bots }
}
