/** To come. */
export function LicensesPage() { return null }
