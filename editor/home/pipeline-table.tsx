import { Link } from 'wouter'
import type { CatalogueEntry } from '#nodes/define.ts'
import type { PipelineSummary } from '#server/api.ts'
import { moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { Chip } from '../ui/chip.tsx'
import { StatusGlyph, stateKeys } from '../ui/status-glyph.tsx'
import { Table, Td, Th } from '../ui/table.tsx'
import { MiniPicture } from './mini-picture.tsx'
import { PipelineMenu } from './pipeline-menu.tsx'
import { RunStrip } from './run-strip.tsx'

type Catalogue = ReadonlyMap<string, CatalogueEntry>

const Row = ({ pipeline, catalogue }: { pipeline: PipelineSummary; catalogue: Catalogue }) => {
  const t = useT()
  const { language } = useLanguage()
  const [last] = pipeline.lastRuns
  return (
    <tr className="relative transition-colors hover:bg-hover">
      <Td className="h-[52px] max-w-0 pl-[18px]">
        <div className="flex items-center gap-3.5">
          <span className="grid h-10 w-[150px] shrink-0 place-items-center">
            <MiniPicture shape={pipeline.shape} catalogue={catalogue} width={150} height={40} ground="var(--panel)" />
          </span>
          {/* The link covers the whole row. */}
          <Link
            href={`/p/${pipeline.id}`}
            className="truncate text-body font-semibold outline-offset-4 after:absolute after:inset-0"
          >
            {pipeline.name}
          </Link>
        </div>
      </Td>
      <Td className="text-ink-3 max-wide:hidden">{t('home.node-count', { count: pipeline.nodes })}</Td>
      <Td>
        <Chip tone="line">{pipeline.version === null ? t('home.draft') : `v${pipeline.version}`}</Chip>
      </Td>
      <Td className="text-ink-2">
        {last ? (
          <Link
            href={`/runs/${last.id}`}
            className="relative flex w-fit items-center gap-2 underline-offset-3 hover:underline"
          >
            <StatusGlyph state={last.status} silent />
            {t(stateKeys[last.status])}
          </Link>
        ) : (
          <span className="text-ink-3">{t('ui.state-idle')}</span>
        )}
      </Td>
      <Td>
        <RunStrip runs={pipeline.lastRuns} />
      </Td>
      <Td className="text-right text-ink-3">
        <time dateTime={pipeline.updatedAt} title={moment(pipeline.updatedAt, language)}>
          {relativeTime(pipeline.updatedAt, language)}
        </time>
      </Td>
      <Td className="w-10 pr-3 pl-0">
        <PipelineMenu pipeline={pipeline} />
      </Td>
    </tr>
  )
}

/** Every pipeline of the workspace, the last edited first. */
export const PipelineTable = ({
  pipelines,
  catalogue,
}: {
  pipelines: readonly PipelineSummary[]
  catalogue: Catalogue
}) => {
  const t = useT()
  return (
    <Table>
      <thead>
        <tr>
          <Th className="w-full pl-[18px]">{t('home.your-pipelines')}</Th>
          <Th className="max-wide:hidden">{t('home.size')}</Th>
          <Th>{t('home.state')}</Th>
          <Th>{t('home.last-run')}</Th>
          <Th>{t('home.last-runs')}</Th>
          <Th className="text-right">{t('home.edited')}</Th>
          <Th>
            <span className="sr-only">{t('ui.more')}</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {pipelines.map((pipeline) => (
          <Row key={pipeline.id} pipeline={pipeline} catalogue={catalogue} />
        ))}
      </tbody>
    </Table>
  )
}
