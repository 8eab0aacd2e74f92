import type { Query } from './database.ts'
import { digestToken, newToken } from './tokens.ts'

/** How long a browser stays signed in. */
export const sessionDays = 30

/** Signs a browser in. The token goes into its cookie and is kept nowhere else. */
export const createSession = async (query: Query, workspace: string): Promise<string> => {
  const token = newToken('pb_session_')
  await query(
    `insert into session (workspace_id, digest, expires_at) values ($1, $2, now() + $3::int * interval '1 day')`,
    [workspace, digestToken(token), sessionDays],
  )
  return token
}

/** The workspace that a session's token belongs to. */
export const findSession = async (query: Query, token: string): Promise<string | undefined> => {
  const [row] = await query<{ workspace: string }>(
    `select workspace_id as workspace from session where digest = $1 and expires_at > now()`,
    [digestToken(token)],
  )
  return row?.workspace
}

export const endSession = async (query: Query, token: string): Promise<void> => {
  await query(`delete from session where digest = $1`, [digestToken(token)])
}
