import { languageNames, languages, useLanguage, useT } from '../i18n/index.tsx'
import { Segmented } from '../ui/segmented.tsx'

/** English or 한국어, at once. Each names itself, so that no one gets lost. */
export const LanguageChoice = ({ className }: { className?: string }) => {
  const t = useT()
  const { language, choose } = useLanguage()
  const options = languages.map((value) => ({ value, label: <span lang={value}>{languageNames[value]}</span> }))
  return (
    <Segmented
      name={t('shell.language')}
      value={language}
      onChange={(next) => void choose(next)}
      options={options}
      {...(className && { className })}
    />
  )
}
