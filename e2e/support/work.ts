import type { Person } from './person.ts'

/** What stands on the work screen: the text asked about, or null when there is nothing left. */
export async function readTask({ page }: Person): Promise<string | null> {
  const text = page.locator('main p[dir=auto]')
  const over = page.getByRole('heading', {
    name: /^(Nothing left|Nothing to review|This campaign takes no more)/,
  })
  await text.or(over).first().waitFor()
  return (await over.isVisible()) ? null : await text.first().innerText()
}

/** Does something to the task on screen and waits until it is gone. */
export async function finishTask({ page }: Person, act: () => Promise<void>): Promise<void> {
  const before = await page.locator('main p[dir=auto]').first().innerText()
  await act()
  await page.waitForFunction(
    (text) => (document.querySelector('main p[dir=auto]') as HTMLElement | null)?.innerText !== text,
    before,
  )
}

/** Answers by keyboard until nothing is left or `most` are given; `choose` says which key. Returns the texts answered. */
export async function answerByKeyboard(
  person: Person,
  choose: (text: string) => string,
  most = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const answered: string[] = []
  while (answered.length < most) {
    const text = await readTask(person)
    if (text === null) break
    await finishTask(person, () => person.page.keyboard.press(choose(text)))
    answered.push(text)
  }
  return answered
}

/** Waits until the operator has signed for everything given. */
export async function untilAccepted({ page }: Person): Promise<void> {
  await page.getByRole('status').filter({ hasText: 'All accepted' }).waitFor()
}
