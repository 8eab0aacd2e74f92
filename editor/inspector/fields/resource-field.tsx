import { useQueryClient } from '@tanstack/react-query'
import { FileText, Plus, Upload, X } from 'lucide-react'
import { type DragEvent, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { ResourceEntry } from '#runtime/pipeline/document.ts'
import { matchFiles } from '#runtime/pipeline/files.ts'
import { keys } from '../../api/keys.ts'
import { useDesk, useDocument } from '../../document/desk.ts'
import { freshId, slug } from '../../document/ids.ts'
import { takeFiles } from '../../document/take-files.ts'
import type { UploadState } from '../../document/uploads.ts'
import { useT } from '../../i18n/index.tsx'
import { Button } from '../../ui/button.tsx'
import { cn } from '../../ui/cn.ts'
import { ErrorState } from '../../ui/error-state.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Select } from '../../ui/select.tsx'
import type { FieldProps } from '../field-props.ts'
import { uploadFiles } from '../upload-files.ts'

type ResourceKind = ResourceEntry['kind']
const kindOf = (wanted: string | undefined): ResourceKind =>
  wanted === 'dataset' ? 'dataset' : wanted === 'provider' ? 'provider' : 'index'

const idle: UploadState = { busy: false }

/** Names a set of files of the pipeline; makes new ones and fills them by choosing or dropping files. */
export const ResourceField = ({ spec, value, onChange, control, node }: FieldProps) => {
  const t = useT()
  const desk = useDesk()
  const client = useQueryClient()
  const resources = useDocument((document) => document.resources)
  const picker = useRef<HTMLInputElement>(null)
  const uploading = `${node.id} ${spec.key}`
  const { busy, error } = useStore(desk.uploads.state, (state) => state[uploading]) ?? idle
  const [over, setOver] = useState(false)
  const kind = kindOf(spec.resource)
  const names = Object.entries(resources ?? {}).flatMap(([name, entry]) => (entry.kind === kind ? [name] : []))
  const chosen = typeof value === 'string' && value !== '' ? value : undefined
  const entry = chosen === undefined ? undefined : resources?.[chosen]
  const globs = entry?.files ?? []
  const found = entry ? matchFiles(globs, [...desk.files.list()]) : []

  const take = async (files: readonly File[]) => {
    if (files.length === 0) return
    await desk.uploads.run(uploading, async (signal) => {
      const name =
        chosen ??
        freshId(slug(files[0]?.name.replace(/\.[^.]+$/, '') ?? '') ?? kind, new Set(Object.keys(resources ?? {})))
      const paths = await uploadFiles(desk.id, name, files, signal)
      signal.throwIfAborted()
      desk.files.set([...new Set([...desk.files.list(), ...paths])])
      void client.invalidateQueries({ queryKey: keys.pipeline(desk.id) })
      // What was edited while they were on their way stays: nothing here is of before the upload but the name.
      const taken = { node: node.id, field: spec.key, name, kind, paths }
      desk.store.edit((of) => takeFiles(of, taken, desk.portNames))
    })
  }
  const onDrop = (event: DragEvent) => {
    if (event.dataTransfer.files.length === 0) return
    event.preventDefault()
    event.stopPropagation()
    setOver(false)
    void take([...event.dataTransfer.files])
  }
  return (
    <div
      className={cn('flex flex-col gap-2 rounded-[8px]', over && 'outline-2 outline-signal-line outline-offset-4')}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(!busy)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {(names.length > 0 || chosen) && (
        <Select
          {...control}
          value={chosen}
          onChange={onChange}
          placeholder={t('inspector.choose-files')}
          options={[...new Set([...names, ...(chosen ? [chosen] : [])])].map((name) => ({ value: name, label: name }))}
        />
      )}
      {found.length > 0 && (
        <ul className="flex max-h-40 flex-col overflow-y-auto rounded-[6px] bg-sunken py-1 text-small">
          {found.map((path) => (
            <li key={path} className="flex items-center gap-1.5 pr-1 pl-2">
              <FileText aria-hidden className="size-3.5 shrink-0 text-ink-3" />
              <span className="num min-w-0 flex-1 truncate text-[11px]" title={path}>
                {path}
              </span>
              {entry && globs.includes(path) && (
                <IconButton
                  name={t('inspector.remove', { name: path })}
                  size="small"
                  onClick={() =>
                    chosen && desk.resource(chosen, { ...entry, files: globs.filter((glob) => glob !== path) })
                  }
                >
                  <X aria-hidden />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('inspector.upload')}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          event.target.value = ''
          void take(files)
        }}
      />
      <div className="flex flex-wrap gap-1.5">
        <Button size="small" disabled={busy} onClick={() => picker.current?.click()}>
          <Upload aria-hidden />
          {t(busy ? 'inspector.uploading' : chosen ? 'inspector.add-files' : 'inspector.upload')}
        </Button>
        {chosen && (
          <Button size="small" variant="ghost" onClick={() => onChange('')}>
            <Plus aria-hidden />
            {t('inspector.new-resource')}
          </Button>
        )}
      </div>
      {!chosen && (
        <p className="text-small text-ink-3">
          {t(kind === 'dataset' ? 'inspector.dataset-hint' : 'inspector.index-hint')}
        </p>
      )}
      {error !== undefined && <ErrorState error={error} />}
    </div>
  )
}
