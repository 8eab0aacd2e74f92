import { useCallback, useEffect, useRef, useState } from 'react'
import type { DeploymentInfo } from '#server/api.ts'
import { useDeployments } from '../api/deployments.ts'
import { moment, relativeTime } from '../i18n/format.ts'
import { useLanguage, useT } from '../i18n/index.tsx'
import { deploymentPath } from '../shell/addresses.ts'
import { GonePanel } from '../shell/gone-panel.tsx'
import { Room } from '../shell/room.tsx'
import { RoomList } from '../shell/room-list.tsx'
import { Button } from '../ui/button.tsx'
import { KindJack } from '../ui/kind-jack.tsx'
import { RowLink, rowLook } from '../ui/row-link.tsx'
import { Td, Th } from '../ui/table.tsx'
import { VirtualTable } from '../ui/virtual-table.tsx'
import { DeployDialog } from './deploy-dialog.tsx'
import { DeploymentPanel } from './deployment-panel.tsx'
import { useTargetWords } from './target-words.tsx'

const Row = ({ deployment, at, open }: { deployment: DeploymentInfo; at: number; open: boolean }) => {
  const { language } = useLanguage()
  const words = useTargetWords()
  const { name, revision, target, revisions, updatedAt } = deployment
  return (
    <tr aria-rowindex={at + 2} className={rowLook(open)}>
      <Td className="pl-[18px]">
        <span className="flex items-center gap-2">
          <KindJack kind="deployment" silent />
          <RowLink href={deploymentPath(name)} open={open}>
            {name}
          </RowLink>
        </span>
      </Td>
      <Td number>@{revision}</Td>
      <Td className="num w-full max-w-0 truncate text-small text-ink-2">{words(target)}</Td>
      <Td number className="text-ink-3 max-wide:hidden">
        {revisions.length}
      </Td>
      <Td className="pr-[18px] text-ink-3">
        <time dateTime={updatedAt} title={moment(updatedAt, language)}>
          {relativeTime(updatedAt, language)}
        </time>
      </Td>
    </tr>
  )
}

/** The names that programs call, and what stands behind each. */
const DeploymentsPage = ({ name }: { name: string | undefined }) => {
  const t = useT()
  const deployments = useDeployments()
  const { items, more } = deployments
  const nearEnd = useCallback(() => more(), [more])
  const scroller = useRef<HTMLDivElement>(null)
  const [making, setMaking] = useState(false)
  const chosen = name === undefined ? items[0] : items.find((deployment) => deployment.name === name)
  // Of a list that goes on the rest may hold it; it is read to the end before it is called gone.
  const isGone = name !== undefined && !chosen && !deployments.isPending && !deployments.error && !deployments.hasMore
  useEffect(() => {
    if (name !== undefined && !chosen && deployments.hasMore) more()
  }, [name, chosen, deployments.hasMore, more])
  return (
    <Room
      title={t('shell.deployments')}
      text={t('deployments.line')}
      actions={
        items.length > 0 && (
          <Button variant="primary" onClick={() => setMaking(true)}>
            {t('deployments.deploy')}
          </Button>
        )
      }
      chosen={chosen && name}
      panel={
        chosen ? (
          <DeploymentPanel key={chosen.name} deployment={chosen} />
        ) : (
          isGone && <GonePanel name={name} room="/deployments" />
        )
      }
    >
      <RoomList
        scroller={scroller}
        isPending={deployments.isPending}
        error={deployments.error}
        onRetry={deployments.refetch}
        isEmpty={items.length === 0}
        isLoadingMore={deployments.isLoadingMore}
        empty={{
          title: t('deployments.none'),
          text: t('deployments.none-line'),
          action: (
            <Button variant="primary" onClick={() => setMaking(true)}>
              {t('deployments.deploy')}
            </Button>
          ),
        }}
      >
        <VirtualTable
          name={t('shell.deployments')}
          items={items}
          scroller={scroller}
          onNearEnd={nearEnd}
          head={
            <>
              <Th className="pl-[18px]">{t('settings.name')}</Th>
              <Th number>{t('deployments.revision')}</Th>
              <Th>{t('deployments.serves')}</Th>
              <Th number className="max-wide:hidden">
                {t('deployments.revisions')}
              </Th>
              <Th className="pr-[18px]">{t('models.changed')}</Th>
            </>
          }
          row={(deployment, at) => (
            <Row key={deployment.name} deployment={deployment} at={at} open={deployment === chosen} />
          )}
        />
      </RoomList>
      {making && <DeployDialog onClose={() => setMaking(false)} />}
    </Room>
  )
}

export default DeploymentsPage
