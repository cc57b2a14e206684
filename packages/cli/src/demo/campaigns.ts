import type { Hex } from '@tagger/protocol'
import type { Campaign, Tagger } from '@tagger/sdk'
import { fund } from '../funding.ts'
import { type KnownText, LETTERS, POSTS } from './posts.ts'

const GOLD = 8
const PLAY_DOLLARS = 1_000_000_000n

export const SENTIMENT_TITLE = 'Crypto chat: how does it sound?'
const LETTERS_TITLE = 'Letters to a wallet’s support desk'

/** The demo's requester has campaigns of two kinds. */
export type DemoKind = 'sentiment' | 'letters'

const KINDS: Record<
  DemoKind,
  { title: string; question: string; instructions: string; texts: readonly KnownText[] }
> = {
  sentiment: {
    title: SENTIMENT_TITLE,
    question: 'How does this post sound about the market?',
    instructions: [
      'Read the post as its author meant it.',
      '',
      '- **bullish**: expects or celebrates rising prices, adoption, good news',
      '- **bearish**: expects or complains about falling prices, fraud, bad news',
      '- **neutral**: a question, a fact, or no opinion',
    ].join('\n'),
    texts: POSTS,
  },
  letters: {
    title: LETTERS_TITLE,
    question: 'What is this letter?',
    instructions: 'Choose **question**, **bug** or **praise**.',
    texts: LETTERS,
  },
}

/** Opens a demo campaign by the same path as everyone else's. */
export async function openDemoCampaign(requester: Tagger, kind: DemoKind): Promise<Campaign> {
  await fund(requester, PLAY_DOLLARS)
  const { title, question, instructions, texts } = KINDS[kind]
  const labels = [...new Set(texts.map(({ label }) => label))]
  const step = Math.floor(texts.length / GOLD)
  const gold = new Map(
    texts.flatMap(({ label }, index) => (index % step === 0 ? [[index, label] as const] : [])),
  )
  return await requester.createCampaign({
    spec: {
      title,
      question,
      labels,
      instructions,
      tags: ['demo', kind],
      redundancy: { min: 3, max: 5, targetConfidence: 900_000 },
      batch: { periodSeconds: 1, minItems: kind === 'sentiment' ? 1 : texts.length, maxItems: 1_000 },
      privacy: { controller: 'Tagger demo', processor: 'this node' },
    },
    items: texts.map(({ text }) => text),
    gold: new Map([...gold].slice(0, GOLD)),
    basePay: 30_000n,
  })
}

/** The demo's campaigns at this node, newest first. */
export async function listDemoCampaigns(
  requester: Tagger,
  status?: 'open' | 'closing' | 'closed',
): Promise<{ id: Hex; kind: DemoKind; status: string }[]> {
  const { account } = requester.wallet!
  const { data } = await requester.api.listCampaigns({ query: { requester: account, status, limit: 100 } })
  return data.map(({ id, title, status: now }) => ({
    id,
    kind: title === SENTIMENT_TITLE ? 'sentiment' : 'letters',
    status: now,
  }))
}
