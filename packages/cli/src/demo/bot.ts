import type { Hex } from '@tagger/protocol'
import type { Tagger, Worker } from '@tagger/sdk'
import { LETTERS, POSTS } from './posts.ts'

const TRUTH = new Map([...POSTS, ...LETTERS].map(({ text, label }) => [text, label]))
const LABELS = [POSTS, LETTERS].map((texts) => [...new Set(texts.map(({ label }) => label))])

/** A member of the demo crowd: knows the answers, and gives them as often as its skill says. */
export interface Bot {
  /** Answers up to `count` tasks of a campaign; tells how many. */
  work(campaignId: Hex, count: number): Promise<number>
}

/** A bot of this skill. */
export function createBot({ tagger, skill }: { tagger: Tagger; skill: number }): Bot {
  const workers = new Map<Hex, Promise<Worker>>()
  const workerOf = (campaignId: Hex) => {
    const opened = workers.get(campaignId) ?? tagger.work(campaignId)
    workers.set(campaignId, opened)
    opened.catch(() => workers.delete(campaignId))
    return opened
  }
  return {
    async work(campaignId, count) {
      const worker = await workerOf(campaignId)
      const { assignments } = await worker.lease(count)
      const now = Math.floor(Date.now() / 1000)
      const answers = assignments.map((task) => ({
        task,
        answer: answerTo(task.data.text ?? '', skill),
        startedAt: now - 3 - Math.floor(Math.random() * 5),
        endedAt: now,
      }))
      if (answers.length > 0) await worker.answerMany(answers)
      await worker.flush()
      return answers.length
    },
  }
}

function answerTo(text: string, skill: number): string {
  const truth = TRUTH.get(text)
  const labels = LABELS.find((list) => truth !== undefined && list.includes(truth)) ?? LABELS[0]!
  if (truth !== undefined && Math.random() < skill) return truth
  const others = labels.filter((label) => label !== truth)
  return others[Math.floor(Math.random() * others.length)]!
}
