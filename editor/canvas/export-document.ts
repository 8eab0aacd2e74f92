import { serialise } from '#runtime/pipeline/canonical.ts'
import { exportPipeline } from '../api/pipelines.ts'
import type { Desk } from '../document/desk.ts'
import { slug } from '../document/ids.ts'
import { sendAll } from '../document/send-all.ts'
import { saveFile } from '../ui/save-file.ts'

/** Hands over what is on screen, byte for byte as the server writes it; by the same rules here where the server lacks it. */
export const exportDocument = async (desk: Desk): Promise<void> => {
  const unsent = await sendAll(desk.autosave)
  const { document } = desk.store.getState()
  const body =
    unsent === undefined
      ? await exportPipeline(desk.id)
      : new Blob([serialise(document)], { type: 'application/json;charset=utf-8' })
  saveFile(body, `${slug(document.name) ?? 'pipeline'}.json`)
}
