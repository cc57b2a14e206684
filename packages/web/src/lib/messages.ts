/** The message catalogue: every word on screen. English first; a language is one more object of the same shape. */
import { campaign } from './messages/campaign.ts'
import { common } from './messages/common.ts'
import { contribute } from './messages/contribute.ts'
import { earnings } from './messages/earnings.ts'
import { escrow } from './messages/escrow.ts'
import { home } from './messages/home.ts'
import { market } from './messages/market.ts'
import { network } from './messages/network.ts'
import { studio } from './messages/studio.ts'
import { trust } from './messages/trust.ts'
import { verify } from './messages/verify.ts'
import { wallet } from './messages/wallet.ts'
import { work } from './messages/work.ts'

export const t = {
  ...common,
  home,
  work,
  studio,
  campaign,
  contribute,
  market,
  verify,
  earnings,
  escrow,
  wallet,
  trust,
  network,
} as const
