/** Settings of a node. Only this file reads the environment. */
export interface Config {
  /** Where data lives: `.tagger` by default. */
  dataFolder: string
  host: string
  port: number
  databaseUrl: string | null
  rpcUrl: string | null
  /** Built app to serve, null in development. */
  webFolder: string | null
}
