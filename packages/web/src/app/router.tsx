import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { HomePage } from '../features/home/home-page.tsx'
import { isPart, type NetworkSearch } from '../features/network/parts.ts'
import { Crashed, NotFound, Pending } from './fallbacks.tsx'
import { Shell } from './shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Crashed })

const at = <const Path extends string>(path: Path) => ({ getParentRoute: () => root, path })

const routes = [
  createRoute({ ...at('/'), component: HomePage }),
  createRoute({
    ...at('/work'),
    component: lazyRouteComponent(() => import('../features/work/feed-page.tsx'), 'FeedPage'),
  }),
  createRoute({
    ...at('/work/$campaignId'),
    component: lazyRouteComponent(() => import('../features/work/work-page.tsx'), 'WorkPage'),
  }),
  createRoute({
    ...at('/review/$campaignId'),
    component: lazyRouteComponent(() => import('../features/work/review-page.tsx'), 'ReviewPage'),
  }),
  createRoute({
    ...at('/contribute/$campaignId'),
    component: lazyRouteComponent(
      () => import('../features/contribute/contribute-page.tsx'),
      'ContributePage',
    ),
  }),
  createRoute({
    ...at('/studio'),
    component: lazyRouteComponent(() => import('../features/studio/studio-page.tsx'), 'StudioPage'),
  }),
  createRoute({
    ...at('/studio/new'),
    component: lazyRouteComponent(() => import('../features/studio/wizard-page.tsx'), 'WizardPage'),
  }),
  createRoute({
    ...at('/campaigns/$campaignId'),
    component: lazyRouteComponent(() => import('../features/campaign/campaign-page.tsx'), 'CampaignPage'),
  }),
  createRoute({
    ...at('/market'),
    component: lazyRouteComponent(() => import('../features/market/market-page.tsx'), 'MarketPage'),
  }),
  createRoute({
    ...at('/market/$datasetId'),
    component: lazyRouteComponent(() => import('../features/market/dataset-page.tsx'), 'DatasetPage'),
  }),
  createRoute({
    ...at('/licenses'),
    component: lazyRouteComponent(() => import('../features/market/licenses-page.tsx'), 'LicensesPage'),
  }),
  createRoute({
    ...at('/verify'),
    validateSearch: (search: Record<string, unknown>): { campaign?: string; batch?: string } => ({
      ...(typeof search.campaign === 'string' && { campaign: search.campaign }),
      ...(typeof search.batch === 'string' && { batch: search.batch }),
    }),
    component: lazyRouteComponent(() => import('../features/verify/verify-page.tsx'), 'VerifyPage'),
  }),
  createRoute({
    ...at('/earnings'),
    component: lazyRouteComponent(() => import('../features/earnings/earnings-page.tsx'), 'EarningsPage'),
  }),
  createRoute({
    ...at('/network'),
    validateSearch: (search: Record<string, unknown>): NetworkSearch => ({
      ...(isPart(search.part) && { part: search.part }),
      ...(typeof search.change === 'string' && { change: search.change }),
    }),
    component: lazyRouteComponent(() => import('../features/network/network-page.tsx'), 'NetworkPage'),
  }),
  createRoute({
    ...at('/trust'),
    component: lazyRouteComponent(() => import('../features/trust/trust-page.tsx'), 'TrustPage'),
  }),
  createRoute({
    ...at('/transactions'),
    component: lazyRouteComponent(() => import('../features/transaction/transaction-page.tsx'), 'LookupPage'),
  }),
  createRoute({
    ...at('/transactions/$hash'),
    component: lazyRouteComponent(
      () => import('../features/transaction/transaction-page.tsx'),
      'TransactionPage',
    ),
  }),
  createRoute({
    ...at('/developers'),
    component: lazyRouteComponent(
      () => import('../features/developers/developers-page.tsx'),
      'DevelopersPage',
    ),
  }),
] as const

/** Every page by its address; all but the first are loaded when opened. */
export const router = createRouter({
  routeTree: root.addChildren(routes),
  defaultPreload: 'intent',
  defaultPendingComponent: Pending,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
