import { spawn } from 'node:child_process'
import { constants } from 'node:os'

/** @type {Set<import('node:child_process').ChildProcess>} */
const children = new Set()
let interrupted = false

/**
 * Runs a program to its end; signals sent to this process reach it too.
 * @param {string} command
 * @param {string[]} args
 * @param {{ capture?: boolean, cwd?: string, env?: NodeJS.ProcessEnv, onStart?: (pid: number) => void }} [options] `capture` keeps the output instead of showing it
 * @returns {Promise<{ code: number, output: string }>}
 */
export function run(command, args, { capture = false, cwd, env, onStart } = {}) {
  listenForSignals()
  return new Promise((resolve) => {
    // Only npm is started by bare name, and on Windows it is a script that needs a shell.
    const shell = process.platform === 'win32' && command === 'npm'
    /** @type {import('node:child_process').StdioOptions} */
    const stdio = capture ? ['ignore', 'pipe', 'pipe'] : 'inherit'
    const child = spawn(command, args, { stdio, shell, cwd, env })
    children.add(child)
    if (child.pid) onStart?.(child.pid)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk) => {
        output += chunk
      })
    }
    /** @param {number} code */
    const finish = (code) => {
      if (!children.delete(child)) return
      if (interrupted && children.size === 0) process.exit(code)
      resolve({ code, output })
    }
    child.on('error', (error) => {
      output += `${command}: ${error.message}\n`
      if (!capture) process.stderr.write(output)
      finish(1)
    })
    child.on('close', (code, signal) => finish(code ?? exitCodeOf(signal)))
  })
}

function listenForSignals() {
  if (process.listenerCount('SIGINT', stop) > 0) return
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, stop)
  if (process.env.npm_lifecycle_event === undefined) return
  // A signal sent to npm ends the shell between npm and this process, which does not pass it on.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop('SIGTERM')
  }, 500).unref()
}

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  interrupted = true
  if (children.size === 0) process.exit(exitCodeOf(signal))
  // A terminal has already sent Ctrl-C to the whole group: a second one would cut short an orderly stop.
  if (signal === 'SIGINT' && process.stdin.isTTY) return
  for (const child of children) child.kill(signal)
}

/** @param {NodeJS.Signals | null} signal */
function exitCodeOf(signal) {
  return signal ? 128 + constants.signals[signal] : 1
}
