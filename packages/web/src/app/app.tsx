import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { queryClient } from '../lib/query-client.ts'
import { resolveVariables, theme } from '../lib/theme.ts'
import { restoreWallet } from '../lib/wallet/open-wallet.ts'
import { router } from './router.tsx'

/** The whole app: theme, cache, routes. */
export function App() {
  useEffect(() => {
    void restoreWallet()
  }, [])
  return (
    <MantineProvider theme={theme} cssVariablesResolver={resolveVariables} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  )
}
