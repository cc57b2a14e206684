/** To come. */
export function TransactionPage() { return null }
export function LookupPage() { return null }
