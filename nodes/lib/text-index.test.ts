import { describe, expect, it } from 'vitest'
import type { Resource } from '../define.ts'
import { buildTextIndex, splitterOf } from './text-index.ts'

const resource = (files: Record<string, string | Uint8Array>, settings = {}): Resource => ({
  name: 'handbook',
  kind: 'index',
  settings,
  digest: 'd',
  files: Object.entries(files).map(([path, body]) => ({
    path,
    digest: path,
    bytes: async () => (typeof body === 'string' ? new TextEncoder().encode(body) : body),
  })),
})
const handbook = {
  'leave.md':
    '# 휴가\n\n연차휴가는 1년에 15일이에요. 남은 날은 다음 해로 5일까지 이월할 수 있어요.\n\n## 병가\n\n아프면 그날 아침에 팀장에게 알려 주세요.',
  'expenses.md': '# 경비\n\n식비는 하루 3만 원까지 돌려받아요. 영수증을 사진으로 올려 주세요.',
  'security.txt':
    'Report a lost laptop to the security team within one hour.\n\nPasswords are kept in the vault, never in mail.',
  'remote.txt': 'Employees may work remotely two days a week. Meetings on Wednesday are in the office.',
}
const build = (files: Record<string, string | Uint8Array>, splitter = { size: 800, overlap: 100 }) =>
  buildTextIndex(resource(files), splitter)

describe('a text index', () => {
  it.each([
    ['휴가는 며칠인가요', 'leave.md', '15일'],
    ['휴가를 이월하고 싶어요', 'leave.md', '이월'],
    ['점심값은 얼마까지 나오나요? 식비', 'expenses.md', '3만 원'],
    ['영수증은 어떻게 내나요', 'expenses.md', '영수증'],
    ['lost laptops', 'security.txt', 'within one hour'],
    ['where do I keep my password', 'security.txt', 'vault'],
    ['Can I work remote?', 'remote.txt', 'two days'],
  ])('answers "%s" from %s', async (query, file, words) => {
    const [best] = (await build(handbook)).search(query, 3)
    expect(best?.source?.file).toBe(file)
    expect(best?.text).toContain(words)
    expect(best?.score).toBeGreaterThan(0)
  })

  it('says where a passage stands, to the letter', async () => {
    const files: Record<string, string> = { ...handbook, 'emoji.md': '🙂 '.repeat(200) + '휴가' }
    const found = (await build(files, { size: 60, overlap: 20 })).search('휴가 laptop', 50)
    expect(found.length).toBeGreaterThan(2)
    for (const { text, source } of found) {
      expect(files[source?.file ?? '']?.slice(source?.start, source?.end)).toBe(text)
    }
  })

  it('ranks a heading above a mention', async () => {
    const found = (await build(handbook, { size: 60, overlap: 0 })).search('병가', 1)
    expect(found[0]?.text).toContain('병가')
  })

  it('finds nothing where no word is shared', async () => {
    expect((await build(handbook)).search('quantum', 3)).toEqual([])
    expect((await build(handbook)).search('?!', 3)).toEqual([])
    expect((await build({})).search('휴가', 3)).toEqual([])
  })

  it('gives the best first and the same order every time', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 20 }, (_, i) => [`${i}.txt`, 'The same words in every file.']),
    )
    const found = (await build(files)).search('same words', 5)
    expect(found.map(({ source }) => source?.file)).toEqual(['0.txt', '1.txt', '2.txt', '3.txt', '4.txt'])
  })

  it.each([
    ['scan.pdf', '%PDF-1.7', 'file-kind'],
    ['보고서.hwp', 'x', 'file-kind'],
    ['data.bin', new Uint8Array([65, 0, 66]), 'file-kind'],
    ['cp949.txt', new Uint8Array([0xc8, 0xde, 0xb0, 0xa1]), 'not-utf8'],
  ])('refuses %s by name', async (path, body, code) => {
    await expect(build({ [path]: body })).rejects.toMatchObject({ code, message: expect.stringContaining(path) })
  })

  it('counts offsets after a byte order mark', async () => {
    const [found] = (await build({ 'bom.txt': '\uFEFFleave' })).search('leave', 1)
    expect(found).toMatchObject({ text: 'leave', source: { start: 0, end: 5 } })
  })
})

describe('splitterOf', () => {
  it('has a usual size, takes a wished one, and refuses an impossible one', () => {
    expect(splitterOf(resource({}))).toEqual({ size: 800, overlap: 100 })
    expect(splitterOf(resource({}, { splitter: { size: 220, overlap: 0 } }))).toEqual({ size: 220, overlap: 0 })
    expect(() => splitterOf(resource({}, { splitter: { size: 100, overlap: 90 } }))).toThrow(/at most half of the size/)
    expect(() => splitterOf(resource({}, { splitter: 'big' }))).toThrow(/splitter of "handbook" is wrong/)
  })
})
