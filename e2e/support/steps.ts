import type { Person } from './person.ts'
import { finishTask, readTask, untilAccepted } from './work.ts'

/** Goes from the work feed to the review of a campaign and signs. */
export async function startReview(reviewer: Person, title: string): Promise<void> {
  await reviewer.open('/work')
  await reviewer.connect()
  await reviewer.page.getByRole('link', { name: `Review: ${title}` }).click()
  await reviewer.login('Sign and start')
}

/** Decides everything there is to review and waits until it is accepted; returns the texts in order. */
export async function reviewAll(
  reviewer: Person,
  decide: (text: string, index: number) => Promise<void>,
): Promise<string[]> {
  const reviewed: string[] = []
  for (;;) {
    const text = await readTask(reviewer)
    if (text === null) break
    if (reviewed.length === 0) await reviewer.look('review')
    await finishTask(reviewer, () => decide(text, reviewed.length))
    reviewed.push(text)
  }
  await untilAccepted(reviewer)
  return reviewed
}

/** The last step of the studio; answers with the path of the new campaign's page. */
export async function fundAndOpen(requester: Person): Promise<string> {
  await requester.click('Fund and open')
  await requester.page.waitForURL(/\/campaigns\/0x/)
  await requester.sees('Your campaign')
  return new URL(requester.page.url()).pathname
}

/** Closes the campaign on screen and waits until its last batch is final. */
export async function closeCampaign(requester: Person): Promise<void> {
  const { page } = requester
  await requester.click('Close campaign')
  await requester.sees('Close this campaign?')
  await requester.look('campaign, close dialog')
  await page.getByRole('dialog').getByRole('button', { name: 'Close campaign' }).click()
  await requester.sees('Closing: open answers may finish')
  await page.keyboard.press('Escape')
  await page.getByRole('cell', { name: 'Final' }).first().waitFor()
  await page.getByText('Closed', { exact: true }).waitFor()
  await requester.look('campaign, closed')
}
