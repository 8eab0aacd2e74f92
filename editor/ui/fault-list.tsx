import { cn } from './cn.ts'

type FaultListProps = { faults: readonly { place: string; text: string }[]; className?: string }

/** What is wrong, each with its place as a JSON pointer. */
export const FaultList = ({ faults, className }: FaultListProps) => (
  <ul className={cn('flex max-h-32 flex-col gap-1 overflow-y-auto', className)}>
    {faults.map(({ place, text }) => (
      <li key={`${place} ${text}`}>
        {place && <code className="num mr-1.5">{place}</code>}
        {text}
      </li>
    ))}
  </ul>
)
