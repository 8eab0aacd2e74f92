import { serialise } from '#runtime/pipeline/canonical.ts'
import type { Desk } from '../document/desk.ts'
import { slug } from '../document/ids.ts'
import { saveFile } from '../ui/save-file.ts'

/** Hands over what is on screen, byte for byte as the server would write it, whether it was saved or not. */
export const exportDocument = (desk: Desk): void => {
  const { document } = desk.store.getState()
  const body = new Blob([serialise(document)], { type: 'application/json;charset=utf-8' })
  saveFile(body, `${slug(document.name) ?? 'pipeline'}.json`)
}
