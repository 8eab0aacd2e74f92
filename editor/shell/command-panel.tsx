import { Command } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useAllPipelines } from '../api/pipelines.ts'
import { languageNames, languages, useLanguage, useT } from '../i18n/index.tsx'
import { useTheme } from '../look/theme.ts'
import { Kbd } from '../ui/kbd.tsx'
import { useCommandPalette } from './commands.ts'

const Row = ({ onSelect, children, shortcut }: { onSelect: () => void; children: ReactNode; shortcut?: string }) => (
  <Command.Item
    onSelect={onSelect}
    className="flex h-[34px] cursor-default items-center gap-2.5 rounded-[7px] px-2.5 text-body data-[selected=true]:bg-hover"
  >
    <span className="min-w-0 flex-1 truncate">{children}</span>
    {shortcut && <Kbd>{shortcut}</Kbd>}
  </Command.Item>
)

const group =
  '**:[[cmdk-group-heading]]:px-2.5 **:[[cmdk-group-heading]]:pt-2.5 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-micro **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-ink-3'

/** ⌘K: go to a pipeline or a room, or do what this page can do. */
const CommandPanel = () => {
  const t = useT()
  const { page, open } = useCommandPalette()
  const pipelines = useAllPipelines()
  const [, go] = useLocation()
  const { choose: chooseTheme } = useTheme()
  const { choose: chooseLanguage } = useLanguage()
  const then = (run: () => unknown) => () => {
    open(false)
    void run()
  }
  return (
    <Dialog.Root open onOpenChange={open}>
      <Dialog.Portal>
        <Dialog.Overlay className="veil fixed inset-0 z-40 bg-ground/60" />
        <Dialog.Content
          aria-describedby={undefined}
          className="floating fixed top-[12vh] left-1/2 z-50 w-[560px] max-w-[calc(100vw-32px)] -translate-x-1/2 overflow-hidden rounded-panel bg-panel shadow-lift-3 outline-none ring ring-line"
        >
          <Dialog.Title className="sr-only">{t('shell.commands')}</Dialog.Title>
          <Command loop label={t('shell.commands')}>
            <div className="flex items-center gap-2.5 border-line border-b px-4">
              <Search aria-hidden className="size-4 text-ink-3" />
              <Command.Input
                autoFocus
                placeholder={t('shell.find-anything')}
                className="h-11 flex-1 bg-transparent text-lead outline-none placeholder:text-ink-3"
              />
            </div>
            <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto p-1.5">
              <Command.Empty className="px-2.5 py-8 text-center text-ink-2">{t('shell.nothing-found')}</Command.Empty>
              {page.length > 0 && (
                <Command.Group heading={t('shell.on-this-page')} className={group}>
                  {page.map((command) => (
                    <Row
                      key={command.id}
                      onSelect={then(command.run)}
                      {...(command.shortcut && { shortcut: command.shortcut })}
                    >
                      {t(command.label)}
                    </Row>
                  ))}
                </Command.Group>
              )}
              {pipelines.length > 0 && (
                <Command.Group heading={t('shell.pipelines')} className={group}>
                  {pipelines.map(({ id, name }) => (
                    <Row key={id} onSelect={then(() => go(`/p/${id}`))}>
                      {name}
                      {/* Two pipelines may share a name; cmdk tells rows apart by their text. */}
                      <span className="hidden">{id}</span>
                    </Row>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading={t('shell.go-to')} className={group}>
                <Row onSelect={then(() => go('/'))}>{t('shell.pipelines')}</Row>
                <Row onSelect={then(() => go('/runs'))}>{t('shell.runs')}</Row>
                <Row onSelect={then(() => go('/models'))}>{t('shell.models')}</Row>
                <Row onSelect={then(() => go('/deployments'))}>{t('shell.deployments')}</Row>
                <Row onSelect={then(() => go('/workers'))}>{t('shell.workers')}</Row>
                <Row onSelect={then(() => go('/jobs'))}>{t('shell.jobs')}</Row>
                <Row onSelect={then(() => go('/help'))}>{t('shell.help')}</Row>
                <Row onSelect={then(() => go('/settings/secrets'))}>{t('settings.secrets')}</Row>
                <Row onSelect={then(() => go('/settings/keys'))}>{t('settings.keys')}</Row>
                <Row onSelect={then(() => go('/settings/webhooks'))}>{t('settings.hooks')}</Row>
              </Command.Group>
              <Command.Group heading={t('shell.look')} className={group}>
                <Row onSelect={then(() => chooseTheme('light'))}>{t('shell.theme-light')}</Row>
                <Row onSelect={then(() => chooseTheme('dark'))}>{t('shell.theme-dark')}</Row>
                <Row onSelect={then(() => chooseTheme('system'))}>{t('shell.theme-system')}</Row>
                {languages.map((language) => (
                  <Row key={language} onSelect={then(() => chooseLanguage(language))}>
                    <span lang={language}>{languageNames[language]}</span>
                  </Row>
                ))}
              </Command.Group>
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

export default CommandPanel
