import { expect, it } from 'vitest'
import { namesIn } from './only-field.tsx'

it('reads names by line, comma or space, each once', () => {
  expect(namesIn('helper\nlocal:tiny, helper  tuned:a@1\n')).toEqual(['helper', 'local:tiny', 'tuned:a@1'])
  expect(namesIn(' \n')).toEqual([])
})
