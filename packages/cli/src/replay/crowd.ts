/** Answers of many workers to many tasks, with the truth: what a replay plays. */
export interface Crowd {
  name: string
  title: string
  labelingConfig: string
  /** In order of the labeling config. */
  labels: readonly string[]
  tasks: readonly { task: string; data: Readonly<Record<string, string>> }[]
  /** In the order they were given; a repeated worker and task is a second thought. */
  rows: readonly { worker: string; task: string; label: string }[]
  truth: ReadonlyMap<string, string>
}

/** Rows by worker, in order. */
export function rowsByWorker(crowd: Crowd): Map<string, Crowd['rows'][number][]> {
  const workers = new Map<string, Crowd['rows'][number][]>()
  for (const row of crowd.rows) {
    const rows = workers.get(row.worker) ?? []
    rows.push(row)
    workers.set(row.worker, rows)
  }
  return workers
}

/** How many different workers answered each task. */
export function answersPerTask(crowd: Crowd): Map<string, number> {
  const workers = new Map<string, Set<string>>(crowd.tasks.map(({ task }) => [task, new Set()]))
  for (const { worker, task } of crowd.rows) workers.get(task)?.add(worker)
  return new Map([...workers].map(([task, set]) => [task, set.size]))
}
