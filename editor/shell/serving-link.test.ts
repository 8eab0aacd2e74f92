import { expect, it } from 'vitest'
import { nameInPath } from './addresses.ts'
import { servingLink } from './serving-link.ts'

it('leads from a value to its page', () => {
  expect(servingLink('model', { model: 'tuned:team-router@3' })).toEqual({
    text: 'tuned:team-router@3',
    path: '/models/team-router',
  })
  expect(servingLink('model', { model: 'local:org/file.gguf' })?.path).toBe('/models/local%3Aorg%2Ffile.gguf')
  expect(servingLink('deployment', { name: 'helper', revision: 2 })).toEqual({
    text: 'helper@2',
    path: '/deployments/helper',
  })
  expect(servingLink('json', { model: 'x' })).toBe(undefined)
  expect(servingLink('model', null)).toBe(undefined)
})
it('reads a name back from an address, also a broken one', () => {
  expect(nameInPath('local%3Aorg%2Ffile.gguf')).toBe('local:org/file.gguf')
  expect(nameInPath('100%')).toBe('100%')
  expect(nameInPath(undefined)).toBe(undefined)
})
