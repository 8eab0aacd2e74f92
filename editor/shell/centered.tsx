import type { ReactNode } from 'react'
import { Logo } from '../ui/logo.tsx'

/** A page of one message: sign in, not found, broken. */
export const Centered = ({ title, children }: { title: string; children: ReactNode }) => (
  <main className="grid h-full place-items-center overflow-y-auto bg-ground p-6">
    <div className="flex w-full max-w-[440px] flex-col items-start gap-3">
      <Logo className="-ml-1.5 size-8" />
      <h1 className="mt-3 text-title font-bold tracking-[-.02em]">{title}</h1>
      {children}
    </div>
  </main>
)
