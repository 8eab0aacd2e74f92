import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import type { Example } from '#server/api.ts'
import { useCopyExample } from '../api/examples.ts'
import type { CatalogueMap } from '../document/wiring.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'
import { ErrorState } from '../ui/error-state.tsx'
import { useExampleText } from './example-text.ts'
import { MiniPicture } from './mini-picture.tsx'

type CardProps = { picture: ReactNode; name: string; line: string; disabled: boolean; onOpen: () => void }

const Card = ({ picture, name, line, disabled, onOpen }: CardProps) => (
  <li className="contents">
    <button
      type="button"
      disabled={disabled}
      onClick={onOpen}
      className="flex min-w-0 flex-col overflow-hidden rounded-panel border border-line bg-panel text-left transition-[border-color,box-shadow] enabled:hover:border-edge enabled:hover:shadow-lift-2 disabled:opacity-60"
    >
      <span className="grid h-[106px] w-full place-items-center border-line border-b bg-sunken">{picture}</span>
      <span className="flex w-full min-w-0 flex-col gap-0.5 px-3.5 pt-2.5 pb-3">
        <span className="truncate font-semibold">{name}</span>
        <span className="line-clamp-2 text-[12.5px]/[18px] text-ink-2">{line}</span>
      </span>
    </button>
  </li>
)

type GalleryProps = { examples: readonly Example[]; catalogue: CatalogueMap; onEmpty: () => void; busy: boolean }

/** Pipelines to begin from, each with a true picture of itself, and an empty canvas. */
export const TemplateGallery = ({ examples, catalogue, onEmpty, busy }: GalleryProps) => {
  const t = useT()
  const textOf = useExampleText()
  const [, go] = useLocation()
  const copy = useCopyExample()
  const disabled = busy || copy.isPending
  return (
    <section aria-labelledby="templates">
      <h2 id="templates" className="mb-[11px] text-lead font-semibold">
        {t('home.templates')}
      </h2>
      {copy.error && <ErrorState error={copy.error} className="mb-3" />}
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(204px,1fr))] gap-3.5">
        {examples.map((example) => (
          <Card
            key={example.id}
            picture={<MiniPicture shape={example.document} catalogue={catalogue} />}
            {...textOf(example)}
            disabled={disabled}
            onOpen={() => copy.mutate(example.id, { onSuccess: ({ id }) => go(canvasPath(id)) })}
          />
        ))}
        <Card
          picture={
            <span className="grid size-10 place-items-center rounded-[10px] bg-panel inset-ring inset-ring-edge">
              <Plus aria-hidden className="size-4 text-ink-2" />
            </span>
          }
          name={t('home.empty-canvas')}
          line={t('home.empty-canvas-line')}
          disabled={disabled}
          onOpen={onEmpty}
        />
      </ul>
    </section>
  )
}
