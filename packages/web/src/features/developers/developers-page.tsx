/** To come. */
export function DevelopersPage() { return null }
