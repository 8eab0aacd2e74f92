import { useState } from 'react'
import { useT } from '../i18n/index.tsx'
import { CopyButton } from './copy-button.tsx'
import { Segmented } from './segmented.tsx'

type CodeSampleProps<Form extends string> = {
  name: string
  forms: readonly { value: Form; label: string; text: string }[]
}

/** One piece of code in several languages, ready to paste. Long lines wrap: nothing of it hides behind a scrollbar. */
export const CodeSample = <Form extends string>({ name, forms }: CodeSampleProps<Form>) => {
  const t = useT()
  const [chosen, setChosen] = useState(forms[0]?.value)
  const shown = forms.find(({ value }) => value === chosen) ?? forms[0]
  if (!shown) return null
  return (
    <div>
      <div className="mt-1 mb-2 flex items-center justify-between gap-2">
        <Segmented name={name} value={shown.value} onChange={setChosen} options={forms} />
        <CopyButton text={shown.text} label={t('ui.copy')} />
      </div>
      <pre className="num whitespace-pre-wrap rounded-[8px] bg-sunken p-3 text-[11px]/[17px] inset-ring inset-ring-line [overflow-wrap:anywhere]">
        {shown.text}
      </pre>
    </div>
  )
}
