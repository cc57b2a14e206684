// The ten lines of the README, run by readme-snippet.test.ts.
import { createTagger, type WalletInput } from '@tagger/sdk'

export async function askTheCrowd(url: string, wallet: WalletInput): Promise<string[]> {
  const answers: string[] = []
  // README begins
  const tagger = createTagger({ url, wallet })
  const campaign = await tagger.createCampaign({
    spec: { title: 'Mood of posts', question: 'How does it sound?', labels: ['good', 'bad'] },
    items: ['To the moon!', 'I want my money back.'],
    basePay: 20_000n, // two cents per answer, in the token's smallest unit
  })
  for await (const result of campaign.results({ follow: true })) {
    answers.push(`${result.data.text} → ${result.label} (${result.confidence / 10_000} % sure)`)
  }
  // README ends
  return answers
}
