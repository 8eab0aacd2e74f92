import { type Health, health } from '../worker/protocol.ts'

const patience = 1_000

/** What a worker says of itself, or undefined when it does not answer in time. */
export const askHealth = async ({ url, token }: { url: string; token: string }): Promise<Health | undefined> => {
  try {
    const response = await fetch(`${url}/health`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(patience),
    })
    return health.parse(await response.json())
  } catch {
    return undefined
  }
}
