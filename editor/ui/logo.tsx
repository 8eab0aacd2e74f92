/** The letter p as a jack with its cable and a lit core. */
export const Logo = ({ className }: { className?: string }) => (
  <svg
    viewBox="0 0 24 24"
    fill="none"
    stroke="currentColor"
    strokeWidth="2.6"
    strokeLinecap="round"
    aria-hidden
    className={className}
  >
    <path d="M6.5 10v7.5a3 3 0 0 0 3 3h.5" />
    <circle cx="13" cy="10" r="6.5" />
    <circle cx="13" cy="10" r="2.3" className="fill-signal stroke-signal-line" strokeWidth="1" />
  </svg>
)
