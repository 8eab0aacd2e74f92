import type { ReactNode } from 'react'
import { useSession } from '../api/session.ts'
import { SignIn } from './sign-in.tsx'

/** Lets in who has a session. Without an answer the page stays as it is: the banner speaks. */
export const Gate = ({ children }: { children: ReactNode }) => {
  const { data, error } = useSession()
  const refused = data ? !data.signedIn : error !== null && 'status' in error && error.status === 401
  if (refused) return <SignIn />
  return children
}
