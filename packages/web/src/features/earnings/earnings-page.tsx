/** To come. */
export function EarningsPage() { return null }
