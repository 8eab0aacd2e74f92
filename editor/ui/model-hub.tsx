import type { LucideProps } from 'lucide-react'

/** How the house draws a model: a hub with six spokes, on lucide's grid. */
export const ModelHub = ({ size: _size, absoluteStrokeWidth: _stroke, ref: _ref, ...rest }: LucideProps) => (
  <svg
    viewBox="0 0 24 24"
    width="24"
    height="24"
    fill="none"
    stroke="currentColor"
    strokeWidth="2"
    strokeLinecap="round"
    {...rest}
  >
    <circle cx="12" cy="12" r="3.2" />
    <path d="M12 3v5.8M12 15.2V21M4.2 7.5l5 2.9M14.8 13.6l5 2.9M4.2 16.5l5-2.9M14.8 10.4l5-2.9" />
  </svg>
)
