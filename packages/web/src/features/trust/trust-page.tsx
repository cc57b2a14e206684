/** To come. */
export function TrustPage() { return null }
