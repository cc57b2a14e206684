/** To come. */
export function CampaignPage() { return null }
