import { exportPipeline } from '../api/pipelines.ts'
import type { Desk } from '../document/desk.ts'
import { slug } from '../document/ids.ts'
import { saveFile } from '../ui/save-file.ts'

/** Hands the document over as the server writes it, byte for byte, after all edits are saved. */
export const exportDocument = async (desk: Desk): Promise<void> => {
  await desk.autosave.flush()
  const body = await exportPipeline(desk.id)
  saveFile(body, `${slug(desk.store.getState().document.name) ?? 'pipeline'}.json`)
}
