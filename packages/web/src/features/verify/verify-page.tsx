/** To come. */
export function VerifyPage() { return null }
