import { serveJobs } from '../job-thread.ts'
import { decideItems } from './decide-job.ts'

serveJobs(decideItems)
