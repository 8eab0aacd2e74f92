import type { Pipeline } from '#server/api.ts'
export const Inspector = (_: { pipeline: Pipeline; overlay: boolean }) => null
