import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DeploymentInfo } from '#server/api.ts'
import { call } from './client.ts'
import { keys } from './keys.ts'
import { usePages } from './pages.ts'

export type NewDeployment = {
  name: string
  target:
    | { kind: 'model'; model: string }
    | { kind: 'pipeline'; pipeline: string; version: 'latest'; input: string; output: string }
}
const path = (name: string) => `/api/deployments/${encodeURIComponent(name)}`

export const useDeployments = () => usePages<DeploymentInfo>({ key: keys.deployments, path: '/api/deployments' })

const useChange = <Input, Answer>(send: (input: Input) => Promise<Answer>) => {
  const client = useQueryClient()
  return useMutation({ mutationFn: send, onSuccess: () => client.invalidateQueries({ queryKey: keys.deployments }) })
}
/** Makes the deployment, or its next revision. */
export const useDeploy = () =>
  useChange((body: NewDeployment) => call<DeploymentInfo>('POST', '/api/deployments', { body }))
/** Puts a revision back, or forth. */
export const useGoLive = () =>
  useChange(({ name, revision }: { name: string; revision: number }) =>
    call<DeploymentInfo>('POST', `${path(name)}/live`, { body: { revision } }),
  )
export const useDeleteDeployment = () => useChange((name: string) => call<void>('DELETE', path(name)))
