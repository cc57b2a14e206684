/** To come. */
export function DatasetPage() { return null }
