/** A text with the answer its author had in mind. */
export interface KnownText {
  text: string
  label: string
}

const BULLISH = [
  'Just moved my whole bonus into ETH. Sleep is for people with stop losses.',
  'Third green week in a row and the group chat is finally loud again.',
  'They shipped the upgrade two days early. Name one bank that does that.',
  'My barber asked how to stake. Normally I would run, but this time he understood it.',
  'Fees are down to cents and the apps still work. We are so early it hurts.',
  'Loaded another bag at the dip, thanks for the discount, paper hands.',
  'Exchange balances at a five-year low. Nobody wants to sell this thing.',
  'The chart looks like a staircase and I brought good shoes.',
  'Our town hall takes stablecoins for parking now. Adoption is boring, and I love it.',
  'Funding is flat, spot keeps bidding. That is the healthiest climb I have seen.',
  'New wallet, new seed, same plan: buy every Friday, smile in ten years.',
  'Developers doubled since spring. Price follows builders, always has.',
  'I said I would stop at one coin. Anyway, I own two coins.',
  'That breakout held on the retest. Textbook. Adding.',
  'Payroll in tokens cleared in eight seconds today. The intern clapped.',
  'If this is the bear, I have never been so relaxed in my life.',
  'Grandma asked for her gains in cash. There were gains to ask for!',
  'Every whale alert today is an outflow. Supply shock loading.',
  'Locked for four years and I would do eight.',
  'The audit came back clean and the team doxxed themselves. Finally a grown-up project.',
]

const BEARISH = [
  'Sold everything at the open. I would rather be early than a story.',
  'Another bridge drained overnight. At this point bridges are a donation box.',
  'Volume is gone, the bots are trading with each other.',
  'They paused withdrawals "for maintenance". We all know that movie.',
  'Unlock on Monday, forty percent of the supply. Good luck to whoever is still in.',
  'Down six percent while stocks are at highs. That tells you everything.',
  'The founder deleted his posts. All of them. I am out.',
  'My stop got hit, the next stop got hit, and the one after that is my rent.',
  'Support turned into resistance and resistance turned into a wall.',
  'Two years of promises and the test network is still down.',
  'Every bounce is sold within the hour. There is no bid under this market.',
  'Staking rewards of ninety percent? You are the yield.',
  'The stablecoin trades at ninety-six cents and they call it noise.',
  'I watched the order book for an hour. It is one guy.',
  'Regulator opened a case this morning, chart fell before the news. Shocking.',
  'Miners are sending to exchanges again. You know what comes next.',
  'Gas for a failed swap: twelve dollars. I am going back to cash.',
  'Lower highs since March. Hope is not an indicator.',
  'The whole team moved to the next token. We are the exit.',
  'If you need to tell me it is not a scam three times, I have heard enough.',
]

const NEUTRAL = [
  'Does anyone know if the new hardware wallet works with old seeds?',
  'The meetup moved to Thursday, same place, bring your own chair.',
  'Block time is two seconds now, it was three before.',
  'Reminder that the snapshot is taken at noon UTC.',
  'Writing my thesis on rollups. Looking for papers from before 2021.',
  'Price has been between the same two numbers since breakfast.',
  'The docs moved to another address, the old links forward.',
  'Version 2.4 needs a restart of the node. That is all I changed.',
  'Which of these explorers shows internal transactions?',
  'My tax form wants a date for every swap. Every swap.',
  'Proposal 41 is open until Sunday. I have not read it yet.',
  'Listing on one more exchange tomorrow, pairs are in the post.',
  'There are 21 validators in the set, three of them are new.',
  'Could be up, could be down, ask me after the minutes are out.',
  'The faucet gives half as much as last week.',
  'I made a spreadsheet that converts units of gas. Link below.',
  'Someone left a jacket at the hackathon. It is blue.',
  'The token contract has 18 decimals, the stablecoin has 6.',
  'Half the room says buy, half says sell, the pizza was fine.',
  'Our node was offline for nine minutes this morning, it caught up since.',
]

/** Sixty posts in the manner of crypto chats, written for this demo. */
export const POSTS: readonly KnownText[] = interleave([
  BULLISH.map((text) => ({ text, label: 'bullish' })),
  BEARISH.map((text) => ({ text, label: 'bearish' })),
  NEUTRAL.map((text) => ({ text, label: 'neutral' })),
])

/** Twenty-four letters to a wallet's support desk, written for this demo. */
export const LETTERS: readonly KnownText[] = interleave([
  [
    'How do I move my account to a new phone?',
    'Where can I see the fee before I send?',
    'Can two people share one wallet?',
    'Is there a limit on how much I can swap in a day?',
    'Which networks do you support for deposits?',
    'What happens to my staking when I close the app?',
    'Do you have a version for tablets?',
    'How long does a bank transfer take to show up?',
  ].map((text) => ({ text, label: 'question' })),
  [
    'The send button does nothing since the last update.',
    'My balance shows zero until I restart the app.',
    'The QR scanner opens the wrong camera.',
    'Dark mode hides the recovery words, black on black.',
    'The app crashes when I paste an address with a space.',
    'Notifications arrive twice for every payment.',
    'The chart is upside down in landscape.',
    'Search in my history returns nothing, whatever I type.',
  ].map((text) => ({ text, label: 'bug' })),
  [
    'The new confirm screen finally tells me what I sign. Thank you!',
    'Best support I ever had, solved in ten minutes on a Sunday.',
    'My father set it up alone, and that says everything.',
    'Love the little tick when a payment is final.',
    'Fast, calm, no ads. Please never change.',
    'The export for taxes saved my weekend.',
    'I moved three friends over from another wallet, all happy.',
    'Great work on the large type setting, my eyes are grateful.',
  ].map((text) => ({ text, label: 'praise' })),
])

/** One of each list in turn, so that nobody gets twenty alike in a row. */
function interleave(lists: readonly (readonly KnownText[])[]): KnownText[] {
  const longest = Math.max(...lists.map((list) => list.length))
  return Array.from({ length: longest }, (_, index) => lists.flatMap((list) => list[index] ?? [])).flat()
}
