import type { ReactNode } from 'react'
import { Link } from 'wouter'

/** The link of a table row: the whole row is its target. The row must be `relative`. */
export const RowLink = ({ href, open, children }: { href: string; open: boolean; children: ReactNode }) => (
  <Link
    href={href}
    replace
    aria-current={open ? 'true' : undefined}
    className="font-medium outline-offset-2 after:absolute after:inset-0"
  >
    {children}
  </Link>
)

export const rowLook = (open: boolean): string => `relative transition-colors hover:bg-hover ${open ? 'bg-hover' : ''}`
