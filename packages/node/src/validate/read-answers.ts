import { setImmediate as breathe } from 'node:timers/promises'
import type { Address, Hex } from '@tagger/protocol'
import type { Node } from '../node.ts'
import { AnswerCollector, type AnswerColumns } from './answer-columns.ts'
import { type AnswerRow, selectAnswersAfter, selectAnswersTo } from './queries.ts'

/** Rows per query: requests must not wait for a whole campaign to be read. */
const PAGE = 500

/** All counting answers and reviews of a campaign, by account and seq. */
export async function readAnswers(node: Node, campaignId: Hex): Promise<AnswerColumns> {
  const answers = new AnswerCollector()
  let after: { account: Address | ''; seq: number } = { account: '', seq: 0 }
  let page: AnswerRow[]
  do {
    page = await node.db.query<AnswerRow>(selectAnswersAfter(campaignId, after, PAGE))
    answers.add(page)
    after = page.at(-1) ?? after
    await breathe()
  } while (page.length === PAGE)
  return answers.columns()
}

/** Counting answers and reviews of these items. */
export async function readAnswersTo(
  node: Node,
  campaignId: Hex,
  items: readonly Hex[],
): Promise<AnswerColumns> {
  const answers = new AnswerCollector()
  for (let i = 0; i < items.length; i += PAGE / 4) {
    answers.add(await node.db.query<AnswerRow>(selectAnswersTo(campaignId, items.slice(i, i + PAGE / 4))))
    await breathe()
  }
  return answers.columns()
}
