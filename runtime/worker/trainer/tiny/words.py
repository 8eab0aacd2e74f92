"""Word lists, and the making of words that no list holds: invented words, codes, Korean syllable words."""
from __future__ import annotations

import zlib

HELD_OUT_SHARE = 8
"""One open-vocabulary word in eight is kept for evaluation, decided by a hash of the word itself."""

NAMES = {
    "en": "Ada Alice Amy Anna Ben Bob Carl Chloe Clara Dan David Diana Ella Emma Eric Eva Finn Frank Grace Hana Henry Iris Ivan Jack "
          "Jane Julia Karen Kevin Laura Leo Lily Linda Lucas Maria Mark Maya Mia Mike Nina Noah Nora Olivia Oscar Paul Peter Rosa Ruth "
          "Sam Sara Sofia Steve Susan Theo Tina Tom Vera Victor Wendy Yuna Zoe Charlotte Hans Marie George Helen Arthur Simon".split(),
    "ko": "민수 지민 서연 하준 도윤 수진 영희 철수 유진 은지 현우 지훈 민지 서준 예은 태현 보라 소희 준호 나래 다은 가영 동욱 미영 성민 "
          "우진 정아 진우 혜진 하늘 윤서 시우 재현 경수 선미 종훈 길동 상우 다현 채원 승민 유나".split(),
}
SURNAMES = {
    "en": "Adams Baker Brown Carter Clark Cook Davis Evans Ford Green Gray Hall Hill Jones King Lee Lewis Miller Moore Park Reed Scott "
          "Smith Stone Taylor Turner Walker White Wood Young Kim Weber Dupont Rossi Novak".split(),
    "ko": "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 류 홍".split(),
}
CITIES = {
    "en": "Paris London Berlin Rome Madrid Vienna Oslo Lima Cairo Delhi Tokyo Seoul Busan Boston Denver Dallas Toronto Sydney Dublin "
          "Prague Lisbon Athens Milan Geneva Kyoto Osaka Hanoi Chicago Seattle Moscow Hamburg Marseille Naples Warsaw".split(),
    "ko": "서울 부산 대구 인천 광주 대전 울산 제주 수원 강릉 전주 여수 춘천 포항 경주 창원 청주 안동 파리 런던 도쿄 뉴욕 속초 목포".split(),
}
THINGS = {
    "en": "book lamp chair table phone laptop camera bag key pen cup bottle clock watch map ticket ring coat shirt hat bike car box radio "
          "guitar piano mirror knife spoon plate blanket pillow basket candle umbrella printer keyboard monitor desk sofa towel brush "
          "hammer ladder kettle jacket wallet notebook drum robot tent drill charger cable headset speaker router tablet scanner".split(),
    "ko": "책 램프 의자 책상 전화 노트북 카메라 가방 열쇠 펜 컵 병 시계 지도 표 반지 코트 셔츠 모자 자전거 상자 라디오 기타 거울 칼 숟가락 "
          "접시 담요 베개 바구니 양초 우산 프린터 키보드 모니터 소파 수건 망치 주전자 지갑 공책 북 로봇 텐트 충전기 스피커 태블릿".split(),
}
COLOURS = {
    "en": "red blue green black white yellow pink brown orange purple silver gold".split(),
    "ko": "빨간 파란 초록 검은 하얀 노란 분홍 갈색 주황 보라색 은색 금색".split(),
}
JOBS = {
    "en": "doctor teacher baker driver pilot nurse farmer singer writer lawyer painter chef guard clerk tailor engineer plumber".split(),
    "ko": "의사 교사 제빵사 운전사 조종사 간호사 농부 가수 작가 변호사 화가 요리사 경비원 점원 기자 기술자 배우".split(),
}
DAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "ko": "월요일 화요일 수요일 목요일 금요일 토요일 일요일".split(),
}
PLACES = {
    "en": "kitchen garage garden office library hall attic cellar lobby bedroom studio store museum station basement canteen".split(),
    "ko": "부엌 차고 정원 사무실 도서관 복도 다락 지하실 로비 침실 작업실 가게 박물관 역 창고 식당".split(),
}
EVENTS = {
    "en": "meeting party concert class exam lunch dinner workshop game show interview training lecture review".split(),
    "ko": "회의 파티 공연 수업 시험 점심 저녁 워크숍 경기 전시 면접 교육 강연 발표".split(),
}
LISTS = {"names": NAMES, "surnames": SURNAMES, "cities": CITIES, "things": THINGS, "colours": COLOURS, "jobs": JOBS, "days": DAYS,
         "places": PLACES, "events": EVENTS}

ONSETS = "b c ch d f g h j k l m n p qu r s sh st t th tr v w x y z br cl dr fl gr pl".split()
VOWELS = "a e i o u a e i o u ai ee ou".split()
CODAS = ["", "", "", "", "n", "r", "l", "s", "t", "m", "k", "x", "nd"]
KOREAN_SYLLABLES = (
    "가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허고노도로모보소오조초코토포호구누두루무부수우주추쿠투푸후"
    "기니디리미비시이지치키티피히강남담람만반산안장찬간난단란말발살알잘찰감각박삭작악건넌던선언전천건경녕명병성영정청형"
    "곤논돈론몬본손온존촌공농동롱몽봉송옹종총국눅둑룩묵북숙욱죽축군눈둔룬문분순운준춘김님딤림민빈신인진친길닐딜릴밀빌실일질칠"
    "해래배새애재채태대매네데레메베세에제체게케테페헤야여요유교료묘효규뉴류휴"
)


def belongs_to(word: str) -> str:
    """The split of an open-vocabulary word: "train" or "held_out"."""
    return "held_out" if zlib.crc32(word.encode()) % HELD_OUT_SHARE == 0 else "train"
