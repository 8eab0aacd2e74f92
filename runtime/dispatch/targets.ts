import { z } from 'zod'

/** What a deployment serves. A pipeline gets the last user message in `input` (or all messages, by its kind) and answers with `output`. */
export const deploymentTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('model'), model: z.string().min(1) }),
  z.object({
    kind: z.literal('pipeline'),
    pipeline: z.string(),
    version: z.int().min(1),
    input: z.string(),
    output: z.string(),
  }),
])
export type DeploymentTarget = z.infer<typeof deploymentTarget>
