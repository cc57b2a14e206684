/** To come. */
export function MarketPage() { return null }
