import { useState } from 'react'
import { useLocation } from 'wouter'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import { apiErrorOf } from '../api/client.ts'
import { useCreatePipeline } from '../api/pipelines.ts'
import { useT } from '../i18n/index.tsx'
import { canvasPath } from '../shell/addresses.ts'
import { toast } from '../ui/toaster.tsx'

export type Refused = { file: string; error: unknown }

/** The pipeline in a file. @throws ApiError `no-pipeline`, with the places where it is none */
const readFile = async (file: File): Promise<PipelineDocument> => {
  // The parser is fetched when it is needed; most visits to the pipelines need none.
  const { parseDocument } = await import('#runtime/pipeline/parse.ts')
  const read = parseDocument(await file.text())
  if (read.ok) return read.document
  const detail = read.errors.map(({ pointer, message }) => [pointer, message].filter(Boolean).join(': ')).join(' ')
  throw apiErrorOf({
    type: 'about:blank',
    title: 'This is no pipeline',
    status: 0,
    code: 'no-pipeline',
    detail,
    errors: read.errors,
  })
}

/**
 * Makes pipelines from files. One alone is opened; of several each stands for itself, and what is refused is told by name.
 */
export const useImport = () => {
  const t = useT()
  const [, go] = useLocation()
  const create = useCreatePipeline()
  const [refused, setRefused] = useState<readonly Refused[]>([])
  const [isPending, setPending] = useState(false)
  const take = async (files: readonly File[]): Promise<void> => {
    setPending(true)
    setRefused([])
    const made: string[] = []
    for (const file of files) {
      try {
        made.push((await create.mutateAsync(await readFile(file))).id)
      } catch (error) {
        setRefused((before) => [...before, { file: file.name, error }])
      }
    }
    setPending(false)
    const [only] = made
    if (files.length === 1 && only !== undefined) go(canvasPath(only))
    else if (made.length > 0) toast(t('home.imported', { count: made.length }))
  }
  return {
    isPending,
    refused,
    take: (files: readonly File[]) => void take(files),
    forget: (gone: Refused) => setRefused((before) => before.filter((one) => one !== gone)),
  }
}
