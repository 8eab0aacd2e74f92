import { open } from 'node:fs/promises'

/** Puts a folder's entries on disk: a rename is only durable once its folder is. Windows cannot open folders. */
export const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
