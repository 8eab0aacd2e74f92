import { Link } from 'wouter'
import type { DeploymentInfo } from '#server/api.ts'
import { useAllPipelines } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath, modelRoom } from '../shell/addresses.ts'

/** What is served, in a line: a model's id, or a pipeline with its version. */
export const useTargetWords = () => {
  const t = useT()
  const items = useAllPipelines()
  return (target: DeploymentInfo['target']): string =>
    target.kind === 'model'
      ? target.model
      : t('deployments.pipeline-version', {
          pipeline: items.find((pipeline) => pipeline.id === target.pipeline)?.name ?? target.pipeline.slice(-8),
          version: target.version,
        })
}

export const TargetLink = ({ target }: { target: DeploymentInfo['target'] }) => {
  const words = useTargetWords()
  return (
    <Link
      href={target.kind === 'model' ? modelRoom(target.model) : canvasPath(target.pipeline)}
      className="underline underline-offset-2"
    >
      {words(target)}
    </Link>
  )
}
