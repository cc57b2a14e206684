/** To come. */
export function WizardPage() { return null }
