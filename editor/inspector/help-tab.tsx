import type { CatalogueEntry } from '#nodes/define.ts'
import type { PipelineNode } from '#runtime/pipeline/document.ts'
import { useDesk } from '../document/desk.ts'
import { useLocal, useT } from '../i18n/index.tsx'
import { Button } from '../ui/button.tsx'

/** Prose in which `code` stands between backticks. */
const Prose = ({ text }: { text: string }) => (
  <p className="text-ink-2 ko:leading-[22px]">
    {text.split('`').map((part, at) =>
      at % 2 === 1 ? (
        // Parts have no identity but their place.
        <code key={String(at)} className="num rounded-[4px] bg-hover px-1 text-small text-ink">
          {part}
        </code>
      ) : (
        part
      ),
    )}
  </p>
)

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

const Json = ({ title, value }: { title: string; value: unknown }) =>
  isEmpty(value) ? null : (
    <div>
      <p className="mb-0.5 text-micro text-ink-3">{title}</p>
      {/* Scrolls, so keys must reach it. */}
      <pre
        tabIndex={0}
        className="num max-h-40 overflow-auto whitespace-pre-wrap break-words rounded-[6px] bg-sunken px-2 py-1.5 text-[11px]/4"
      >
        {JSON.stringify(value, undefined, 1)}
      </pre>
    </div>
  )

/** What the node type does, with examples that can be taken over. */
export const HelpTab = ({ node, entry }: { node: PipelineNode; entry: CatalogueEntry }) => {
  const t = useT()
  const local = useLocal()
  const desk = useDesk()
  return (
    <div className="flex flex-col divide-y divide-line">
      <div className="px-3.5 py-3">
        <Prose text={local(entry.docs)} />
      </div>
      {entry.examples.map((example) => (
        <section key={example.title.en} className="flex flex-col gap-2 px-3.5 py-3">
          <h2 className="text-small font-semibold">{local(example.title)}</h2>
          <Json title={t('inspector.setup')} value={example.config} />
          <Json title={t('inspector.inputs')} value={example.inputs} />
          <Json title={t('inspector.outputs')} value={example.outputs} />
          {!isEmpty(example.config) && (
            <Button
              size="small"
              className="self-start"
              // The examples of the catalogue are contract tests: their configs parse.
              onClick={() => desk.configure(node.id, { ...node.config, ...(example.config as PipelineNode['config']) })}
            >
              {t('inspector.use-example')}
            </Button>
          )}
        </section>
      ))}
    </div>
  )
}
