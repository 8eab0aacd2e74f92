import type { ComponentProps } from 'react'
import { cn } from './cn.ts'

/** The heading row of a table that scrolls in its card: it stays. The card's outline is a `ring`, which it does not cover. */
export const StickyHead = (props: ComponentProps<'thead'>) => (
  <thead className="sticky top-0 z-10 bg-panel" {...props} />
)

/** Lines between rows, none around; wrap it in a card. Numbers: `number` on the cell and its heading. */
export const Table = ({ className, ...rest }: ComponentProps<'table'>) => (
  <table className={cn('w-full border-collapse text-[12.5px]', className)} {...rest} />
)

type HeadingProps = ComponentProps<'th'> & { number?: boolean }
export const Th = ({ number, className, ...rest }: HeadingProps) => (
  <th
    scope="col"
    className={cn(
      'h-[30px] whitespace-nowrap px-2.5 text-left shadow-[inset_0_-1px_0_var(--line)] text-[11.5px] font-medium text-ink-3',
      number && 'text-right',
      className,
    )}
    {...rest}
  />
)

type CellProps = ComponentProps<'td'> & { number?: boolean }
export const Td = ({ number, className, ...rest }: CellProps) => (
  <td
    className={cn(
      'h-9 whitespace-nowrap border-line border-b px-2.5 [tr:last-child>&]:border-b-0',
      number && 'num text-right text-small',
      className,
    )}
    {...rest}
  />
)
