import { useT } from '../i18n/index.tsx'
import { type ThemeChoice, useTheme } from '../look/theme.ts'
import { LanguageChoice } from '../shell/language-choice.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Card, Section } from './section.tsx'

/** Theme and language of this browser. */
export const Appearance = () => {
  const t = useT()
  const { choice, choose } = useTheme()
  return (
    <Section title={t('shell.look')} text={t('settings.look-line')}>
      <Card>
        <div className="flex min-h-13 items-center justify-between border-line border-b px-[18px]">
          <span className="font-medium">{t('shell.theme')}</span>
          <Segmented<ThemeChoice>
            name={t('shell.theme')}
            value={choice}
            onChange={choose}
            options={[
              { value: 'system', label: t('settings.theme-system') },
              { value: 'light', label: t('settings.theme-light') },
              { value: 'dark', label: t('settings.theme-dark') },
            ]}
          />
        </div>
        <div className="flex min-h-13 items-center justify-between px-[18px]">
          <span className="font-medium">{t('shell.language')}</span>
          <LanguageChoice />
        </div>
      </Card>
    </Section>
  )
}
