/** The mark: a tag that is checked. */
export function Brand({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="none" stroke="var(--on-accent)" strokeWidth="2.4" strokeLinejoin="round" strokeLinecap="round">
        <path d="M8 9.5h9.2a2 2 0 0 1 1.5.700l5 5.3a.8.8 0 0 1 0 1l-5 5.3a2 2 0 0 1-1.5.700H8Z" />
        <path d="m11.6 16 2.2 2.2 4-4.4" />
      </g>
    </svg>
  )
}
