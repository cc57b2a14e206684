/** To come. */
export function ContributePage() { return null }
