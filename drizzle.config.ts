import { defineConfig } from 'drizzle-kit'

export default defineConfig({ dialect: 'postgresql', schema: './runtime/store/tables/*.ts', out: './migrations' })
