import MiniSearch from 'minisearch'
import { describe, expect, it } from 'vitest'
import { buildTextIndex } from './text-index.ts'

/** An invented handbook, a passage a section, and what people might ask of it in their own words. */
const sections: [title: string, text: string][] = [
  ['연차휴가', '모든 직원은 1년에 15일을 쉴 수 있습니다. 쓰지 않은 날은 다음 해로 5일까지 이월됩니다.'],
  ['병가', '아픈 날에는 아침 9시 전에 팀장에게 알립니다. 사흘이 넘으면 진단서를 냅니다.'],
  ['육아휴직', '아이가 만 8세가 되기 전까지 최대 1년을 쉴 수 있고, 복직할 때 같은 팀으로 돌아옵니다.'],
  ['식비', '야근할 때 저녁 식비는 1만 2천 원까지 회사가 냅니다. 영수증을 사진으로 올립니다.'],
  ['출장', '출장 숙소는 1박에 15만 원까지이고, 기차는 일반실을 이용합니다. 비행기는 팀장의 승인을 받습니다.'],
  ['노트북', '업무용노트북은 4년마다 바꿉니다. 잃어버리면 한 시간 안에 보안팀에 전화합니다.'],
  ['비밀번호', '비밀번호는 14자 이상으로 만들고 저장소에만 보관합니다. 메일로 보내지 않습니다.'],
  ['회의실', '회의실은 하루 전부터 예약할 수 있습니다. 10분이 지나도 아무도 오지 않으면 예약이 풀립니다.'],
  ['재택근무', '일주일에 이틀은 집에서 일할 수 있습니다. 수요일에는 모두 사무실에 모입니다.'],
  ['경조사', '결혼하면 5일, 부모님이 돌아가시면 5일의 휴가와 화환을 드립니다.'],
  ['급여', '급여는 매달 25일에 들어옵니다. 25일이 주말이면 그 전 금요일에 보냅니다.'],
  [
    'Refunds',
    'Customers get their money back within 14 days if the product is unused. Refunds go to the original card.',
  ],
  [
    'Shipping',
    'Orders leave our warehouse within two working days. Parcels over 30 kg travel by freight and take a week.',
  ],
  [
    'Accounts',
    'A locked account opens again after 30 minutes. Support can reset two-factor codes after checking identity.',
  ],
  ['Invoices', 'Invoices are sent on the first of the month. Companies may ask for one invoice per quarter.'],
  ['Incidents', 'Whoever notices an outage opens an incident, names a lead and posts updates every half hour.'],
  ['Data retention', 'Logs are deleted after 90 days, backups after one year. Personal data is erased on request.'],
  ['Onboarding', 'New colleagues get a laptop, a buddy and a plan for their first 30 days.'],
]
const questions: [question: string, title: string][] = [
  ['휴가는 며칠인가요', '연차휴가'],
  ['남은 연차를 내년으로 이월할 수 있나요?', '연차휴가'],
  ['몸이 아파서 병가를 내려면?', '병가'],
  ['진단서는 언제 필요해요', '병가'],
  ['육아휴직은 얼마나 쓸 수 있어요', '육아휴직'],
  ['야근하면 저녁값이 나오나요', '식비'],
  ['영수증 어떻게 올려요', '식비'],
  ['출장에서 숙소는 얼마까지?', '출장'],
  ['비행기를 타도 되나요', '출장'],
  ['노트북을 잃어버렸어요', '노트북'],
  ['비밀번호는 몇 자여야 하나요', '비밀번호'],
  ['회의실예약', '회의실'],
  ['집에서 일해도 되는 날', '재택근무'],
  ['결혼 휴가', '경조사'],
  ['급여일이 주말이면?', '급여'],
  ['How do I get my money back?', 'Refunds'],
  ['refund to another card', 'Refunds'],
  ['When do orders leave the warehouse', 'Shipping'],
  ['heavy parcel', 'Shipping'],
  ['my account is locked', 'Accounts'],
  ['reset the two-factor code', 'Accounts'],
  ['quarterly invoice', 'Invoices'],
  ['who leads an incident', 'Incidents'],
  ['how long do we keep log files', 'Data retention'],
  ['what do new colleagues get', 'Onboarding'],
]
const titled = ([title, text]: [string, string]) => `# ${title}\n\n${text}\n`
const share = (right: number) => right / questions.length

describe('search on an invented handbook', () => {
  it('finds the right section first for most questions, and among three for nearly all', async () => {
    const files = sections.map((section, i) => ({
      path: `${i}.md`,
      digest: '',
      bytes: async () => new TextEncoder().encode(titled(section)),
    }))
    const index = await buildTextIndex(
      { name: 'handbook', kind: 'index', settings: {}, digest: '', files },
      { size: 400, overlap: 0 },
    )
    const rankOf = ([question, title]: [string, string]) =>
      index.search(question, 3).findIndex(({ text }) => text.startsWith(`# ${title}\n`))
    const ranks = questions.map(rankOf)
    const missed = questions.filter((_, i) => ranks[i] !== 0).map(([question]) => question)
    expect(share(ranks.filter((rank) => rank === 0).length), missed.join(' · ')).toBeGreaterThanOrEqual(0.92)
    expect(share(ranks.filter((rank) => rank >= 0).length), missed.join(' · ')).toBeGreaterThanOrEqual(0.96)
  })

  it('beats splitting at spaces by far, which is why there is a tokenizer', () => {
    const plain = new MiniSearch({ fields: ['text'], searchOptions: { prefix: true } })
    plain.addAll(sections.map((section, id) => ({ id, text: titled(section) })))
    const right = questions.filter(([question, title]) => sections[plain.search(question)[0]?.id]?.[0] === title)
    expect(share(right.length)).toBeLessThan(0.75)
  })
})
