import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import type { PythonModel } from './command.ts'

const words = 'FOLDER[,name=ID][,adapter=NAME=FOLDER]…'

/** A PEFT folder; which weights it may hold is looked at by the server that loads them. */
const checkAdapter = (text: string, folder: string): string => {
  if (existsSync(join(folder, 'adapter_config.json'))) return folder
  throw new Error(`The Python model "${text}": ${folder} holds no adapter_config.json. Name a folder that PEFT saved.`)
}

/**
 * Reads `FOLDER[,name=ID][,adapter=NAME=FOLDER]…`. Without a name the model is called as its folder.
 * @example readPythonModel('models/qwen,name=qwen,adapter=tickets=tuned/tickets')
 */
export const readPythonModel = (text: string): PythonModel => {
  const [folder = '', ...rest] = text.split(',')
  if (folder.trim() === '') throw new Error(`The Python model "${text}" names no folder. Give ${words}.`)
  let id = basename(resolve(folder))
  const adapters: Record<string, string> = {}
  for (const part of rest) {
    const [option, value = ''] = part.split(/=(.*)/s, 2)
    const [name = '', path = ''] = value.split(/=(.*)/s, 2)
    if (option === 'name' && value !== '') id = value
    else if (option === 'adapter' && name !== '' && path !== '') adapters[name] = checkAdapter(text, resolve(path))
    else throw new Error(`The Python model "${text}": "${part}" is not understood. Give ${words}.`)
  }
  return { id, folder: resolve(folder), ...(Object.keys(adapters).length > 0 && { adapters }) }
}
