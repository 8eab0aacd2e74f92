import { Switch as Radix } from 'radix-ui'
import type { FieldControl } from './field.tsx'

type SwitchProps = Partial<FieldControl> & {
  checked: boolean
  onChange: (checked: boolean) => void
  /** Needed where no Field names it. */
  name?: string
  disabled?: boolean
}

export const Switch = ({ checked, onChange, name, disabled, ...control }: SwitchProps) => (
  <Radix.Root
    {...control}
    aria-label={name}
    checked={checked}
    onCheckedChange={onChange}
    disabled={disabled ?? false}
    className="relative h-[18px] w-8 shrink-0 rounded-full bg-hover inset-ring inset-ring-ui transition-colors disabled:opacity-50 data-[state=checked]:bg-ink data-[state=checked]:inset-ring-ink"
  >
    <Radix.Thumb className="block size-3 translate-x-[3px] rounded-full bg-ink-2 transition-transform data-[state=checked]:translate-x-[17px] data-[state=checked]:bg-ground" />
  </Radix.Root>
)
