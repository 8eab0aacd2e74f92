import { crc32 } from 'node:zlib'
import { seededRandom } from '#nodes/lib/interval.ts'

export type Language = 'en' | 'ko'

const lists = {
  names: {
    en: 'Ada Amy Ben Clara David Emma Frank Grace Henry Julia Karen Leo Maria Nina Oscar Paul Rosa Sam Tina Vera Zoe',
    ko: '민수 지민 서연 하준 수진 영희 철수 유진 은지 현우 예은 태현 보라 준호 나래 다은 성민 우진 하늘 재현 종훈',
  },
  surnames: {
    en: 'Adams Brown Clark Davis Green Hall Jones King Moore Reed Smith Wood',
    ko: '김 이 박 최 정 강 조 윤 장 임 한 오',
  },
  cities: {
    en: 'Paris London Berlin Rome Oslo Lima Tokyo Seoul Busan Boston Milan Hanoi',
    ko: '서울 부산 대구 인천 대전 제주 수원 전주 파리 도쿄',
  },
  things: {
    en: 'book lamp chair table phone laptop camera bag key pen clock map ticket ring coat bike box radio piano printer desk sofa',
    ko: '책 램프 의자 책상 전화 노트북 카메라 가방 열쇠 펜 시계 지도 표 반지 코트 자전거 상자 라디오 거울 프린터 소파 지갑',
  },
  events: {
    en: 'meeting party concert class exam lunch dinner workshop interview training',
    ko: '회의 파티 공연 수업 시험 점심 저녁 워크숍 면접 교육',
  },
  days: {
    en: 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday',
    ko: '월요일 화요일 수요일 목요일 금요일 토요일 일요일',
  },
} satisfies Record<string, Record<Language, string>>
export type ListName = keyof typeof lists

const onsets = 'b c ch d f g h j k l m n p qu r s sh st t th tr v w x y z br cl dr fl gr pl'.split(' ')
const vowels = 'a e i o u a e i o u ai ee ou'.split(' ')
const codas = ['', '', '', '', 'n', 'r', 'l', 's', 't', 'm', 'k', 'x', 'nd']
const syllables =
  '가나다라마바사아자카타파하거너더러머버서저고노도로모보소조구누두루무부수주기니디리미비시지강남단만반산성정진현'

/** Seeded draws of words. Invented words and codes are of the eighth that training leaves out, by the rule that the trainer uses. */
export type Words = ReturnType<typeof createWords>
export const createWords = (language: Language, seed: number) => {
  const random = seededRandom(seed)
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1))
  const pick = <T>(of: ArrayLike<T>): T => of[between(0, of.length - 1)] as T
  const heldOut = (make: () => string): string => {
    for (;;) {
      const word = make()
      if (crc32(word) % 8 === 0) return word
    }
  }
  const repeat = (times: number, make: () => string) => Array.from({ length: times }, make).join('')
  const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)
  const from = (name: ListName) => pick(lists[name][language].split(' '))
  const invented = () =>
    heldOut(() =>
      language === 'en'
        ? repeat(pick([1, 2, 2, 2, 3]), () => pick(onsets) + pick(vowels) + pick(codas))
        : repeat(pick([2, 2, 3]), () => pick(syllables)),
    )
  const name = () => (random() < 0.4 ? from('names') : capital(invented()))
  const words = {
    between,
    pick,
    from,
    invented,
    name,
    fullName: () => (language === 'ko' ? from('surnames') + name() : `${name()} ${from('surnames')}`),
    city: () => (random() < 0.5 ? from('cities') : capital(invented())),
    thing: () => (random() < 0.7 ? from('things') : invented()),
    code: () => {
      const letters = repeat(between(1, 3), () => pick('ABCDEFGHIJKLMNOPQRSTUVWXYZ'))
      return heldOut(() => `${letters}${pick(['-', ''])}${between(1, 999)}`)
    },
    clock: () => `${between(1, 12)}:${pick(['00', '15', '30', '45'])}`,
    shuffle: <T>(of: readonly T[]): T[] =>
      of
        .map((value) => ({ value, at: random() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ value }) => value),
    distinct: (count: number, make: () => string): string[] => {
      const found = new Set<string>()
      while (found.size < count) found.add(make())
      return [...found]
    },
  }
  return words
}

const particle = /(.)\((은\/는|이\/가|을\/를|으로\/로)\)/g
/** The form of a Korean particle that fits the letter before it. */
export const settleParticles = (text: string): string =>
  text.replace(particle, (_, last: string, forms: string) => {
    const [closed = '', open = ''] = forms.split('/')
    const final =
      last >= '가' && last <= '힣' ? (last.charCodeAt(0) - 0xac00) % 28 : '013678lmnrLMNR'.includes(last) ? 1 : 0
    return last + (final === 0 || (closed === '으로' && final === 8) ? open : closed)
  })
