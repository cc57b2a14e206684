import { parentPort } from 'node:worker_threads'
import type { CheckJob } from './check.ts'
import { createChecker } from './check-batch.ts'
import type { CheckAnswer } from './check-thread.ts'

const check = createChecker()

parentPort!.on('message', async (job: CheckJob) => {
  const answer: CheckAnswer = await check(job).then(
    (checked) => ({ checked }),
    (error: Error) => ({ failure: error.message }),
  )
  parentPort!.postMessage(answer)
})
