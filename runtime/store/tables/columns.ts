import { customType, text, timestamp } from 'drizzle-orm/pg-core'

/** Columns that most tables share. */
export const workspaceId = () => text('workspace_id').notNull()
export const moment = (name: string) => timestamp(name, { withTimezone: true })
export const createdAt = () => moment('created_at').notNull().defaultNow()
export const bytea = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' })
