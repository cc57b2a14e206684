import { serveJobs } from '../job-thread.ts'
import { judgeWorkers } from './judge-job.ts'

serveJobs(judgeWorkers)
