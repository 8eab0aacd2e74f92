import { send } from '../api/client.ts'

/** A file's name without what a path may not have. */
const plain = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[\\/\u0000-\u001f]+/g, '-')
    .replace(/^\.+$/, '-')

/** Uploads files under the folder of a resource and tells their paths. */
export const uploadFiles = async (
  pipeline: string,
  resource: string,
  files: readonly File[],
  signal: AbortSignal,
): Promise<string[]> => {
  const paths: string[] = []
  // One after another: the second error of many would hide the first.
  for (const file of files) {
    const path = `${resource}/${plain(file.name)}`
    await send(
      'PUT',
      `/api/pipelines/${encodeURIComponent(pipeline)}/files/${path.split('/').map(encodeURIComponent).join('/')}`,
      {
        body: file,
        headers: { 'content-type': 'application/octet-stream' },
        signal,
      },
    )
    paths.push(path)
  }
  return paths
}
