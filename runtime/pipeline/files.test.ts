import { describe, expect, it } from 'vitest'
import { cpuTime } from '#tests/support/cpu-time.ts'
import { matchFiles } from './files.ts'

const paths = [
  'a.md',
  'b.txt',
  'docs/a.md',
  'docs/deep/b.md',
  'docs/deep/er/c.md',
  'docs/.hidden/d.md',
  '.env',
  'docs/한글.md',
  'x/docs/a.md',
]

describe('matchFiles', () => {
  it.each<[globs: string[], expected: string[]]>([
    [['a.md'], ['a.md']],
    [['./a.md'], ['a.md']],
    [['*'], ['a.md', 'b.txt']],
    [['*.md'], ['a.md']],
    [['?.md'], ['a.md']],
    [['?'], []],
    [['docs/*.md'], ['docs/a.md', 'docs/한글.md']],
    [['docs/??.md'], ['docs/한글.md']],
    [['docs/**'], ['docs/a.md', 'docs/deep/b.md', 'docs/deep/er/c.md', 'docs/한글.md']],
    [['docs/**/*.md'], ['docs/a.md', 'docs/deep/b.md', 'docs/deep/er/c.md', 'docs/한글.md']],
    [['**/a.md'], ['a.md', 'docs/a.md', 'x/docs/a.md']],
    [['**/docs/**/a.md'], ['docs/a.md', 'x/docs/a.md']],
    [['docs/**/er/**/c.md'], ['docs/deep/er/c.md']],
    [['**'], ['a.md', 'b.txt', 'docs/a.md', 'docs/deep/b.md', 'docs/deep/er/c.md', 'docs/한글.md', 'x/docs/a.md']],
    [['.*'], ['.env']],
    [['.env'], ['.env']],
    [['docs/.hidden/*'], ['docs/.hidden/d.md']],
    [['docs/.*/*.md'], ['docs/.hidden/d.md']],
    [['docs'], []],
    [['[ab].md', '{a,b}.md'], []],
    [
      ['b.txt', 'a.md', '*.md'],
      ['a.md', 'b.txt'],
    ],
    [['A.md'], []],
    [[], []],
    [[''], []],
  ])('%j', (globs, expected) => expect(matchFiles(globs, paths)).toEqual(expected))

  it('finds the decomposed names that macOS writes', () => {
    const path = 'docs/한글.md'.normalize('NFD')
    expect(matchFiles(['docs/한*.md'], [path])).toEqual([path])
  })

  it('stays quick on patterns that would make a regular expression explode', () => {
    const took = cpuTime(() =>
      expect(
        matchFiles([`${'*a'.repeat(200)}b`, `${'**/a/'.repeat(100)}b`], ['a'.repeat(900), `${'a/'.repeat(400)}c`]),
      ).toEqual([]),
    )
    expect(took).toBeLessThan(200)
  })
})
