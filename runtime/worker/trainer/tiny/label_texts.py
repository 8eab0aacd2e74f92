"""The sentences that labelling tasks are made of, by topic. The last quarter of each list is kept for evaluation.

Each topic has several names, so that a label is read from the prompt and not learned by heart.
"""
from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    labels: list[str]
    sentences: list[str]


TICKETS = {
    "en": [
        Topic(["billing", "payment", "invoices"], [
            "I was charged [twice|two times] for the {thing}.", "[Please refund|I want a refund for] my payment of {number} dollars.", "The invoice for the {thing} is wrong.",
            "My card was charged {number} dollars too much.", "I want my money back for the {thing}.", "Why is the bill {number} dollars?",
            "There is a [double|wrong] charge on my card.", "The price on my bill is not right.", "I paid for the {thing} but got no receipt.",
            "Please send me the invoice for [{day}|order {code}].", "My payment for the {thing} [failed|was declined].", "You took {number} dollars from my account by mistake.",
            "I never agreed to pay {number} dollars.", "The tax on my invoice is wrong.", "[Can I pay|How do I pay] the bill by card?", "My bank says you charged me again."]),
        Topic(["bug", "technical", "error"], [
            "The app [crashes|closes] when I open the {thing}.", "I get error {number} on the {thing} page.", "The {thing} button does not work.",
            "The page freezes after I click {thing}.", "There is a bug in the {thing} screen.", "The screen is blank after the update.",
            "Nothing happens when I press save.", "The {thing} page [does not load|loads forever].", "The app is very slow since the update.",
            "The search shows the wrong results.", "The file upload stops at {number} percent.", "I see an error message when I print the {thing}.",
            "The program stops [working|responding] when I add a {thing}.", "The picture of the {thing} is not shown.", "The export button is broken.", "The site shows error {number} again."]),
        Topic(["account", "login", "profile"], [
            "I forgot my password.", "I [can not|cannot] log in as {name}.", "Please change my email to {name}.", "Please delete my account.",
            "My account {code} is locked.", "How do I change my username to {name}?", "I want to change my password.", "My login does not accept my password.",
            "Please add {name} to my account.", "I need a new password.", "Someone else is using my account.", "How do I close my account?",
            "The name on my profile should be {name}.", "I do not get the code to sign in.", "Please unlock the user {name}.", "I cannot sign in since {day}."]),
        Topic(["shipping", "delivery", "orders"], [
            "My {thing} has not arrived.", "Where is my package {code}?", "The delivery of the {thing} is late.", "Please send the {thing} to {city}.",
            "The courier lost my {thing}.", "When will order {code} be delivered?", "The parcel went to {city}, not to me.", "My package was left in the rain.",
            "I am still waiting for my {thing}.", "Can you deliver the {thing} on {day}?", "The box arrived [open|empty].", "The tracking number {code} shows nothing.",
            "The driver did not find my house.", "How long does shipping to {city} take?", "My order {code} did not come on {day}.", "Please change the delivery address to {city}."]),
        Topic(["feature", "idea", "request"], [
            "It would be great to have a dark mode.", "Please add a {thing} to the app.", "I wish I could export the {thing}.", "Could you add a search for {thing}?",
            "A calendar view would help us a lot.", "I suggest a button for the {thing}.", "Can you build a [Korean|German] version?", "We would like to have more colours.",
            "Please make it possible to sort by {thing}.", "My idea: let us share the {thing}.", "An option to hide the {thing} would be nice.", "Will there be a version for tablets?"]),
        Topic(["cancel", "cancellation", "leaving"], [
            "Please cancel my subscription.", "I want to stop my plan.", "How do I cancel order {code}?", "I do not need the {thing} any more, please cancel it.",
            "End my contract on {day}.", "Please stop the membership of {name}.", "I want to leave your service.", "Do not renew my plan.",
            "Cancel everything, please.", "I am leaving at the end of the month.", "We want to end the subscription.", "Please take back my order of the {thing}."]),
    ],
    "ko": [
        Topic(["결제", "요금", "청구"], [
            "{thing} 요금이 두 번 결제되었습니다.", "{number}원을 환불해 주세요.", "{thing} 청구서가 잘못되었습니다.", "카드에서 {number}원이 더 빠져나갔습니다.",
            "{thing} 값을 돌려받고 싶습니다.", "청구 금액이 왜 {number}원입니까?", "카드에 이중 결제가 있습니다.", "영수증을 받지 못했습니다.",
            "{day} 청구서를 보내 주세요.", "{thing} 결제가 [실패했습니다|안 됩니다].", "제가 낸 돈 {number}원을 확인해 주세요.", "세금 계산서가 필요합니다.",
            "{number}원을 낸다고 한 적이 없습니다.", "청구서의 세금이 틀립니다.", "요금을 카드로 낼 수 있습니까?", "은행에서 또 결제되었다고 합니다."]),
        Topic(["오류", "기술", "고장"], [
            "{thing} 화면을 열면 앱이 멈춥니다.", "{thing} 페이지에서 오류 {number}(이/가) 나옵니다.", "{thing} 버튼이 작동하지 않습니다.", "업데이트 후 화면이 비어 있습니다.",
            "{thing} 기능에 버그가 있습니다.", "앱이 자꾸 꺼집니다.", "저장을 눌러도 아무 일도 없습니다.", "{thing} 페이지가 열리지 않습니다.",
            "업데이트 후에 앱이 너무 느립니다.", "검색 결과가 이상합니다.", "파일 올리기가 {number}퍼센트에서 멈춥니다.", "{thing}(을/를) 인쇄하면 오류가 납니다.",
            "{thing}(을/를) 추가하면 프로그램이 멈춥니다.", "{thing} 사진이 보이지 않습니다.", "내보내기 버튼이 고장 났습니다.", "사이트에 오류 {number}(이/가) 또 나옵니다."]),
        Topic(["계정", "로그인", "프로필"], [
            "비밀번호를 잊어버렸습니다.", "{name} 아이디로 로그인이 안 됩니다.", "이메일을 {name}(으로/로) 바꿔 주세요.", "계정을 삭제해 주세요.",
            "제 계정 {code}(이/가) 잠겼습니다.", "아이디를 어떻게 바꿉니까?", "비밀번호를 바꾸고 싶습니다.", "로그인할 때 비밀번호가 틀렸다고 합니다.",
            "제 계정에 {name}(을/를) 추가해 주세요.", "새 비밀번호가 필요합니다.", "다른 사람이 제 계정을 씁니다.", "계정을 어떻게 닫습니까?",
            "프로필 이름을 {name}(으로/로) 고쳐 주세요.", "로그인 인증 번호가 오지 않습니다.", "{name} 사용자의 잠금을 풀어 주세요.", "{day}부터 로그인을 못 합니다."]),
        Topic(["배송", "택배", "배달"], [
            "{thing}(이/가) 아직 안 왔습니다.", "제 택배 {code}(은/는) 어디에 있습니까?", "{thing} 배달이 늦습니다.", "{thing}(을/를) {city}(으로/로) 보내 주세요.",
            "택배 기사가 {thing}(을/를) 잃어버렸습니다.", "주문 {code}(은/는) 언제 도착합니까?", "소포가 {city}(으로/로) 잘못 갔습니다.", "상자가 비에 젖었습니다.",
            "아직도 {thing}(을/를) 기다리고 있습니다.", "{thing}(을/를) {day}에 배달할 수 있습니까?", "상자가 [열린|빈] 채로 왔습니다.", "운송장 {code} 조회가 안 됩니다.",
            "기사가 집을 찾지 못했습니다.", "{city}까지 배송이 얼마나 걸립니까?", "주문 {code}(이/가) {day}에 오지 않았습니다.", "배송 주소를 {city}(으로/로) 바꿔 주세요."]),
        Topic(["제안", "기능", "요청"], [
            "어두운 화면이 있으면 좋겠습니다.", "앱에 {thing} 기능을 넣어 주세요.", "{thing}(을/를) 내보낼 수 있으면 좋겠습니다.", "{thing} 검색을 추가해 주시겠습니까?",
            "달력 화면이 있으면 도움이 됩니다.", "{thing} 버튼을 제안합니다.", "영어 버전을 만들어 주세요.", "색이 더 많으면 좋겠습니다.",
            "{thing} 순서로 정렬하게 해 주세요.", "{thing}(을/를) 함께 쓰는 기능은 어떻습니까?", "{thing}(을/를) 숨기는 옵션을 원합니다.", "태블릿용도 나옵니까?"]),
        Topic(["해지", "취소", "탈퇴"], [
            "구독을 해지해 주세요.", "요금제를 그만 쓰고 싶습니다.", "주문 {code}(을/를) 어떻게 취소합니까?", "{thing}(은/는) 이제 필요 없으니 취소해 주세요.",
            "{day}에 계약을 끝내 주세요.", "{name}의 회원을 탈퇴시켜 주세요.", "서비스를 떠나고 싶습니다.", "요금제를 연장하지 마세요.",
            "모두 취소해 주세요.", "이번 달까지만 쓰겠습니다.", "구독을 끝내고 싶습니다.", "{thing} 주문을 물러 주세요."]),
    ],
}
SENTIMENTS = {
    "en": [
        Topic(["positive", "good", "happy"], [
            "I [love|like|enjoy] the {thing}.", "The {thing} is [great|good|excellent|wonderful|perfect|lovely].", "{name} was [happy|pleased] with the {thing}.",
            "[Great|Good|Excellent] {thing}, thank you.", "The {thing} works very well.", "What a [beautiful|fine|nice] {thing}.", "I am so glad that I bought the {thing}.",
            "Best {thing} ever.", "The {thing} made my day.", "I would buy the {thing} again.", "The staff was [kind|friendly|helpful].", "Everyone loves our new {thing}.",
            "The {thing} is better than I hoped.", "This {thing} is a joy.", "I [recommend|praise] the {thing} to everyone.", "The {thing} was worth the money."]),
        Topic(["negative", "bad", "unhappy"], [
            "I [hate|dislike] the {thing}.", "The {thing} is [bad|terrible|awful|broken|poor|horrible].", "{name} was [angry|sad|unhappy] about the {thing}.",
            "[Bad|Terrible|Awful] {thing}, never again.", "The {thing} does not work.", "What an [ugly|annoying|useless] {thing}.", "I am sorry that I bought the {thing}.",
            "Worst {thing} ever.", "The {thing} ruined my day.", "I would not buy the {thing} again.", "The staff was [rude|unfriendly|lazy].", "Nobody likes our new {thing}.",
            "The {thing} is worse than I feared.", "This {thing} is a pain.", "I [regret|complain about] the {thing}.", "The {thing} was a waste of money."]),
    ],
    "ko": [
        Topic(["긍정", "좋음", "만족"], [
            "{thing}(이/가) 정말 [좋습니다|훌륭합니다|마음에 듭니다|최고입니다].", "{thing} 덕분에 [행복합니다|기쁩니다|만족합니다].", "{name}님은 {thing}에 만족했습니다.",
            "[좋은|훌륭한|멋진] {thing}입니다, 감사합니다.", "{thing}(이/가) 아주 잘 됩니다.", "정말 [예쁜|멋진|편한] {thing}입니다.", "{thing}(을/를) 사서 다행입니다.",
            "최고의 {thing}입니다.", "{thing} 덕분에 하루가 즐거웠습니다.", "{thing}(을/를) 또 사고 싶습니다.", "직원이 아주 [친절했습니다|상냥했습니다].", "모두 새 {thing}(을/를) 좋아합니다.",
            "{thing}(이/가) 기대보다 좋습니다.", "이 {thing}(은/는) 기쁨을 줍니다.", "{thing}(을/를) 모두에게 추천합니다.", "{thing}(은/는) 돈이 아깝지 않습니다."]),
        Topic(["부정", "나쁨", "불만"], [
            "{thing}(이/가) 정말 [나쁩니다|별로입니다|싫습니다|최악입니다].", "{thing} 때문에 [화가 납니다|슬픕니다|실망했습니다].", "{name}님은 {thing}에 실망했습니다.",
            "[나쁜|끔찍한|형편없는] {thing}입니다, 다시는 안 삽니다.", "{thing}(이/가) 잘 안 됩니다.", "정말 [못생긴|불편한|쓸모없는] {thing}입니다.", "{thing}(을/를) 사서 후회합니다.",
            "최악의 {thing}입니다.", "{thing} 때문에 하루를 망쳤습니다.", "{thing}(을/를) 다시는 사고 싶지 않습니다.", "직원이 아주 [불친절했습니다|무례했습니다].", "아무도 새 {thing}(을/를) 좋아하지 않습니다.",
            "{thing}(이/가) 걱정보다 나쁩니다.", "이 {thing}(은/는) 골칫거리입니다.", "{thing}에 불만이 많습니다.", "{thing}(은/는) 돈이 아깝습니다."]),
    ],
}
URGENCIES = {
    "en": [
        Topic(["high", "urgent"], [
            "[Urgent|Emergency|Help now]: the {thing} [is down|stopped].", "We need the {thing} [now|today|immediately|right away].", "Nobody can work, the {thing} is [broken|down].",
            "Please fix the {thing} [immediately|as soon as possible|right now].", "Everything stopped, please help at once.", "Our customers cannot pay, hurry.",
            "The {thing} must work in an hour.", "This cannot wait, call {name} now.", "All of {city} is offline.", "We lose money every minute.",
            "Quick, the {thing} is on fire.", "The deadline is today and the {thing} fails."]),
        Topic(["low", "relaxed"], [
            "When you have time, [look at|check] the {thing}.", "No hurry, but the {thing} is [old|slow].", "It would be nice to have a {thing} [some day|next year|later].",
            "A small question about the {thing}, it can wait.", "Whenever it suits you, please clean the {thing}.", "Just an idea for the {thing}, no rush.",
            "Take your time with the {thing}.", "The {thing} is fine, only the colour is wrong.", "Next month is early enough for the {thing}.", "Not important: the {thing} has a scratch.",
            "Maybe look at the {thing} some time.", "There is plenty of time for the {thing}."]),
    ],
    "ko": [
        Topic(["높음", "긴급"], [
            "[긴급|급합니다|비상]: {thing}(이/가) 멈췄습니다.", "{thing}(이/가) [지금|오늘|즉시|당장] 필요합니다.", "{thing} 때문에 아무도 일을 못 합니다.", "{thing}(을/를) [즉시|당장|빨리] 고쳐 주세요.",
            "모두 멈췄으니 바로 도와 주세요.", "손님이 결제를 못 합니다, 서둘러 주세요.", "{thing}(은/는) 한 시간 안에 되어야 합니다.", "기다릴 수 없습니다, 지금 {name}에게 전화하세요.",
            "{city} 전체가 끊겼습니다.", "1분마다 손해가 납니다.", "빨리요, {thing}에 불이 났습니다.", "마감이 오늘인데 {thing}(이/가) 안 됩니다."]),
        Topic(["낮음", "여유"], [
            "시간이 날 때 {thing}(을/를) 봐 주세요.", "급하지 않지만 {thing}(이/가) [낡았습니다|느립니다].", "나중에 {thing}(이/가) 있으면 좋겠습니다.", "{thing}에 대한 작은 질문입니다, 천천히 해 주세요.",
            "편할 때 {thing}(을/를) 닦아 주세요.", "{thing}에 대한 생각일 뿐, 서두르지 마세요.", "{thing}(은/는) 천천히 하세요.", "{thing}(은/는) 괜찮고 색만 다릅니다.",
            "{thing}(은/는) 다음 달이면 됩니다.", "중요하지 않지만 {thing}에 흠이 있습니다.", "언젠가 {thing}(을/를) 봐 주세요.", "{thing}(은/는) 시간이 많습니다."]),
    ],
}
TOPICS = {  # topic: (its names, the words its sentences use); a description in the prompt may use other words of the topic
    "en": {"money": "invoice refund payment charge card price bill fee money tax".split(),
           "failure": "crash error bug freeze fault failure glitch problem".split(),
           "login": "password login account profile username email sign-in".split(),
           "delivery": "package delivery courier parcel shipping address shipment".split(),
           "food": "soup bread cheese rice salad pasta apple cake".split(),
           "weather": "rain snow wind storm sun fog cloud heat".split(),
           "sport": "football tennis goal match team coach race".split(),
           "music": "song piano band singer album melody drum".split(),
           "animals": "cat dog horse bird fish rabbit lion".split(),
           "travel": "flight hotel airport train passport trip visa".split()},
    "ko": {"돈": "청구서 환불 결제 요금 카드 가격 수수료 세금".split(), "고장": "오류 버그 멈춤 결함 장애 문제".split(),
           "로그인": "비밀번호 계정 프로필 아이디 이메일".split(), "배송": "택배 소포 배달 주소 운송장".split(),
           "음식": "국 빵 치즈 밥 샐러드 국수 사과 케이크".split(), "날씨": "비 눈 바람 폭풍 햇빛 안개 구름".split(),
           "운동": "축구 테니스 골 경기 감독 달리기".split(), "음악": "노래 피아노 밴드 가수 앨범".split(),
           "동물": "고양이 개 말 새 물고기 토끼 사자".split(), "여행": "비행기 호텔 공항 기차 여권 비자".split()},
}
SPOKEN = {
    "English": "the is a and of to in my your we they with house water good day very not have this was for from".split(),
    "Korean": "나는 우리는 집에 물이 좋은 오늘은 매우 그리고 있습니다 갑니다 왔습니다 친구가 아침에 큰 작은".split(),
    "Spanish": "el la es una y de en mi tu nosotros con casa agua bueno muy no tienen porque donde".split(),
    "French": "le la est une et de dans mon votre nous avec maison eau bon jour pas ont parce où".split(),
    "German": "der die das ist ein und von mein wir mit haus wasser gut sehr nicht haben weil auch".split(),
}
KOREAN_LANGUAGE_NAMES = {"English": "영어", "Korean": "한국어", "Spanish": "스페인어", "French": "프랑스어", "German": "독일어"}
