import { TaggerError } from '@tagger/protocol'
import type { Config } from './config.ts'

/** The embedded database's own number for a full disk; it gives no code. */
const EMBEDDED_DISK_FULL = 51

/** What the system refused, in words that say what to do; other errors as they are. */
export function explainSystemError(
  error: unknown,
  config: Pick<Config, 'dataFolder' | 'host' | 'port'>,
): unknown {
  if (error instanceof TaggerError) return error
  const { code, errno } = error as NodeJS.ErrnoException
  const cause = error
  switch (errno === EMBEDDED_DISK_FULL ? 'ENOSPC' : code) {
    case 'EADDRINUSE':
      return new TaggerError('unavailable', `Port ${config.port} is taken`, {
        hints: [`Stop what listens there, or start with another port: PORT=${config.port + 1} npm start`],
        cause,
      })
    case 'EADDRNOTAVAIL':
      return new TaggerError('unavailable', `This machine has no address ${config.host}`, {
        hints: ['Set HOST to an address of this machine; 127.0.0.1 is always there.'],
        cause,
      })
    case 'ENOSPC':
    case 'EDQUOT':
      return new TaggerError(
        'unavailable',
        `The disk is full, so the node cannot write to ${config.dataFolder}`,
        {
          hints: ['Free some space and start again: nothing that was acknowledged is lost.'],
          cause,
        },
      )
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new TaggerError(
        'unavailable',
        `The node may not write to ${config.dataFolder} or listen on ${config.port}`,
        {
          hints: [
            'Make the folder yours (for example `sudo chown -R $USER .tagger`), or set TAGGER_DATA to another.',
            'Ports below 1024 need rights: set PORT to a higher one.',
          ],
          cause,
        },
      )
    default:
      return error
  }
}
