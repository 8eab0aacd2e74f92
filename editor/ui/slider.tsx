import { Slider as Radix } from 'radix-ui'
import type { FieldControl } from './field.tsx'

type SliderProps = Partial<FieldControl> & {
  value: number
  onChange: (value: number) => void
  /** When the hand lets go: the moment for one undo step. */
  onCommit?: (value: number) => void
  min: number
  max: number
  step: number
  name: string
  disabled?: boolean
}

/** A track of meter segments with a knob. Show the number beside it: the knob alone is not readable. */
export const Slider = (props: SliderProps) => {
  const { value, onChange, onCommit, min, max, step, name, disabled, id, ...control } = props
  const done = max > min ? ((value - min) / (max - min)) * 100 : 0
  return (
    <Radix.Root
      value={[value]}
      onValueChange={([next]) => next !== undefined && onChange(next)}
      onValueCommit={([next]) => next !== undefined && onCommit?.(next)}
      min={min}
      max={max}
      step={step}
      disabled={disabled ?? false}
      className="relative flex h-[22px] w-full touch-none select-none items-center data-disabled:opacity-50"
    >
      <Radix.Track className="relative h-2.5 grow">
        <div
          className="meter quiet absolute inset-0 h-2.5"
          style={{ '--p': `${done}%`, '--seg': '5px' } as React.CSSProperties}
        />
      </Radix.Track>
      <Radix.Thumb
        {...control}
        id={id}
        aria-label={name}
        className="block size-[18px] rounded-full bg-node shadow-lift-1 ring-2 ring-ink outline-offset-3"
      />
    </Radix.Root>
  )
}
