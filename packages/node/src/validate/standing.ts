import type { Hex } from '@tagger/protocol'
import { type WorkCampaign, workCampaign } from '../assign/campaign.ts'
import type { Node } from '../node.ts'
import { type JudgeJob, judgeWorkers, type Standing } from './judge-job.ts'
import { countAnswers, selectKnown } from './queries.ts'
import { readAnswers } from './read-answers.ts'

/** What was found is used so long, and so many times as long as finding it took. */
const FRESH_MS = 15_000
const REST_FACTOR = 50
const NOTHING_FOUND: Standing = { stopped: new Set(), apart: new Map() }

interface Look {
  standing: Standing
  /** How many answers there were. */
  answers: number
  /** Milliseconds since epoch. */
  nextAt: number
}

const looks = new WeakMap<WorkCampaign, Look>()

/** Who judges: this thread unless a job says otherwise. */
export type Judge = (job: JudgeJob) => Standing | Promise<Standing>

/** What was found when this process last looked; nobody is stopped or kept apart before it did. */
export function standingIn(campaign: WorkCampaign): Standing {
  return looks.get(campaign)?.standing ?? NOTHING_FOUND
}

/**
 * Looks at the answers of a campaign's workers if there are new ones and it is time. Each process looks for itself;
 * nothing is stored, and neither results nor pay know of it.
 */
export async function lookAtWorkers(node: Node, campaignId: Hex, judge: Judge = judgeWorkers): Promise<void> {
  const campaign = await workCampaign(node, campaignId)
  const { id, draftId, spec, kind } = campaign
  const last = looks.get(campaign)
  if (kind !== 'annotate' || node.now().getTime() < (last?.nextAt ?? 0)) return
  const [counted] = await node.db.query<{ answers: number }>(countAnswers(id))
  const { answers } = counted!
  if (answers === (last?.answers ?? 0)) return
  const start = performance.now()
  const known = await node.db.query<{ id: Hex; gold_label: string }>(selectKnown(draftId))
  const gold = new Map(known.map((row) => [row.id, row.gold_label]))
  const standing = await judge({ spec, gold, answers: await readAnswers(node, id) })
  const rest = Math.max(FRESH_MS, (performance.now() - start) * REST_FACTOR)
  looks.set(campaign, { standing, answers, nextAt: node.now().getTime() + rest })
}
