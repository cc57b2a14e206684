import { TaggerError } from '@tagger/protocol'
import { QueryClient } from '@tanstack/react-query'

const FINAL = new Set(['not-found', 'forbidden', 'unauthorized', 'bad-request'])

/** The one cache of what the node answered. The sdk tries again by itself, so this does not. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (count, error) => !(error instanceof TaggerError && FINAL.has(error.code)) && count < 1,
    },
  },
})
