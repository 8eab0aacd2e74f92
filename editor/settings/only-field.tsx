import { Plus } from 'lucide-react'
import { useDeployments } from '../api/deployments.ts'
import { useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Textarea } from '../ui/input.tsx'

/** One per line, or between commas; twice is once. */
export const namesIn = (text: string): string[] => [...new Set(text.split(/[\s,]+/).filter(Boolean))]

/** The deployments and models that a key may call: any names, with the workspace's deployments to add by a click. */
export const OnlyField = ({ text, onChange }: { text: string; onChange: (text: string) => void }) => {
  const t = useT()
  const { items } = useDeployments()
  const names = namesIn(text)
  const others = items.filter(({ name }) => !names.includes(name)).slice(0, 12)
  return (
    <div className="flex flex-col gap-2">
      <Field label={t('settings.only')} help={t('settings.only-help')}>
        {(control) => (
          <Textarea {...control} mono rows={2} value={text} onChange={(event) => onChange(event.target.value)} />
        )}
      </Field>
      {others.length > 0 && (
        <div className="flex flex-wrap gap-1.5">
          {others.map(({ name }) => (
            <Button
              key={name}
              size="small"
              aria-label={t('settings.only-add', { name })}
              onClick={() => onChange([...names, name].join('\n'))}
            >
              <Plus aria-hidden />
              <span className="num">{name}</span>
            </Button>
          ))}
        </div>
      )}
    </div>
  )
}
