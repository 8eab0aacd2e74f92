import { Check, ChevronDown } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useModels } from '../../api/catalogue.ts'
import { useT } from '../../i18n/index.tsx'
import { cn } from '../../ui/cn.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { Input } from '../../ui/input.tsx'
import { Popover } from '../../ui/popover.tsx'
import type { FieldProps } from '../field-props.ts'
import { useDraft } from '../use-draft.ts'

/** The id of a model: any text, with those that the server knows to choose from. */
export const ModelField = ({ value, onChange, control }: FieldProps) => {
  const t = useT()
  const [open, setOpen] = useState(false)
  const { data: models = [] } = useModels()
  const text = String(value ?? '')
  const draft = useDraft(text, onChange)
  const known = useMemo(() => models.find((model) => model.id === text), [models, text])
  return (
    <div className="flex flex-col gap-1.5">
      <div className="relative">
        <Input {...control} mono className="pr-8" {...draft} />
        <span className="absolute inset-y-0 right-[3px] grid place-items-center">
          <Popover
            name={t('inspector.models')}
            open={open}
            onOpenChange={setOpen}
            align="end"
            className="w-64 p-1"
            trigger={
              <IconButton name={t('inspector.models')} size="small">
                <ChevronDown aria-hidden />
              </IconButton>
            }
          >
            {models.length === 0 && <p className="px-2 py-1.5 text-small text-ink-3">{t('inspector.no-models')}</p>}
            {models.map((model) => (
              <button
                key={model.id}
                type="button"
                onClick={() => {
                  onChange(model.id)
                  setOpen(false)
                }}
                className="flex w-full items-center gap-2 rounded-[6px] px-2 py-1.5 text-left hover:bg-hover"
              >
                <span className="min-w-0 flex-1">
                  <span className="block truncate">{model.title}</span>
                  <span className={cn('num block truncate text-micro text-ink-3', !model.ready && 'text-wait')}>
                    {model.ready ? model.id : (model.reason ?? t('inspector.model-not-ready'))}
                  </span>
                </span>
                {model.id === text && <Check aria-hidden className="size-3.5" />}
              </button>
            ))}
            <p className="border-line border-t px-2 pt-1.5 pb-1 text-micro text-ink-3">{t('inspector.model-ids')}</p>
          </Popover>
        </span>
      </div>
      {known && !known.ready && (
        <p className="text-small text-wait">{known.reason ?? t('inspector.model-not-ready')}</p>
      )}
    </div>
  )
}
