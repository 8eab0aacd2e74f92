"""Tasks answered by a label: tickets, sentiment, urgency, language, and labels or rules invented in the prompt."""
from __future__ import annotations

from .copying import YES_NO, Turns
from .label_texts import KOREAN_LANGUAGE_NAMES, SENTIMENTS, SPOKEN, TICKETS, TOPICS, URGENCIES, Topic
from .writer import Writer

TICKET = {
    "en": ["[Classify|Label] the [ticket|message|request] as {labels}[.|:]\n{text}", "[Ticket|Message]: {text}\n[Category|Label] ({labels}):",
           "Which category is it: {labels}?\n{text}", "{text}\n[Choose|Pick] one: {labels}.", "[Queue|Topic|Type] ({labels})? {text}",
           "[Sort|Put] this [ticket|message] into one of {labels}.\n{text}", "[Which label fits|What is this about|Which of these is it]: {labels}?\n{text}",
           "[Labels|Categories|Queues]: {labels}\n[Text|Ticket|Message]: {text}[|\nLabel:|\nCategory:]", "{text}\n[Classify it|Classify the ticket|Label this] as {labels}.",
           "[Text|Request]: {text}\n[Choose|Pick] the [label|category|queue]: {labels}[.|:]",
           "Message: {text}\nClassify as {labels}.", "Choose the category ({labels}) of this ticket.\n{text}"],
    "ko": ["[문의를|메시지를|글을] {labels} 중 하나로 분류하세요[.|:]\n{text}", "[문의|메시지]: {text}\n[분류|라벨] ({labels}):",
           "어떤 분류입니까: {labels}?\n{text}", "{text}\n하나를 고르세요: {labels}.", "[분류는|종류는] ({labels})? {text}", "이 [문의|메시지]는 {labels} 중 무엇입니까?\n{text}",
           "[라벨|분류|종류]: {labels}\n[글|문의|메시지]: {text}[|\n라벨:|\n분류:]", "{text}\n[이 문의를|이 글을] {labels} 중에서 [고르세요|분류하세요].",
           "[글|문의]: {text}\n[라벨을|종류를] 고르세요: {labels}[.|:]", "[무엇에 대한 글입니까|어느 것입니까]: {labels}?\n{text}",
           "메시지: {text}\n{labels} 중 하나로 분류하세요.", "이 문의의 분류를 고르세요 ({labels}).\n{text}"],
}
SENTIMENT = {
    "en": ["[Sentiment|Mood] ({labels})? {text}", "[What is|Give] the sentiment ({labels})[.|:]\n{text}", "{text}\n[Sentiment|Label|Mood] ({labels}):",
           "[Review|Text|Message]: {text}\n[Sentiment|Mood|Is the text] ({labels})[:|?]", "[Is the mood|Is the review|Is it] {labels}: {text}",
           "[Choose|Pick] the [sentiment|mood] ({labels}).\n{text}", "{text}\n[What is the sentiment|Which mood is it], {labels}?",
           "Is this [review|text|message] {labels}?\n{text}", "{text}\n[Is this|Is the mood|Is the text|Is the review] {labels}?",
           "[Mood|Sentiment] of the [review|message] ({labels}): {text}", "Sentiment of the text ({labels}): {text}", "{text}\nIs it {labels}?"],
    "ko": ["[감정은?|기분은?] ({labels}) {text}", "감정을 [쓰세요|고르세요] ({labels})[.|:]\n{text}", "{text}\n[감정|라벨] ({labels}):",
           "[리뷰|글|메시지]: {text}\n[감정|기분] ({labels})[:|?]", "[감정|기분]을 {labels} 중에서 고르세요[.|:]\n{text}",
           "{text}\n[감정은 무엇입니까|기분이 어떻습니까], {labels}?", "이 [글은|리뷰는|메시지는] {labels} 중 무엇입니까?\n{text}",
           "{text}\n[이 글은|리뷰는|감정은|기분은] {labels} 중 [무엇|어느 것]입니까?", "[리뷰의|메시지의] [감정|기분] ({labels}): {text}", "글의 감정 ({labels}): {text}", "{text}\n{labels} 중 무엇입니까?"],
}
URGENCY = {
    "en": ["[Urgency|Priority] ({labels}): {text}", "[How urgent is it|What is the priority|What is the urgency]? {labels}\n{text}",
           "[Message|Text|Request]: {text}\n[Urgency|Priority|How urgent] ({labels})[:|?]", "[Is this|Is it] {labels}? {text}",
           "{text}\n[What is the priority|What is the urgency|How urgent] ({labels})?", "[Choose|Pick] the [urgency|priority]: {labels}\n{text}",
           "{text}\n[Urgency|Priority] ({labels}):", "[Give|Choose] the urgency, {labels}: {text}",
           "{text}\n[How urgent is this|Is it|Is this], {labels}?", "[Give|Pick] the priority ({labels}).\n{text}", "{text}\nHow urgent is it, {labels}?", "Choose the priority ({labels}).\n{text}"],
    "ko": ["[긴급도|우선순위] ({labels}): {text}", "[얼마나 급합니까|긴급도는|우선순위는]? {labels}\n{text}", "{text}\n[긴급도|우선순위] ({labels}):",
           "[메시지|글|요청]: {text}\n[긴급도|우선순위] ({labels})[:|?]", "{text}\n[긴급도는|우선순위는] 무엇입니까, {labels}?", "[우선순위|긴급도]를 고르세요: {labels}\n{text}",
           "긴급도를 고르세요, {labels}: {text}",
           "{text}\n[이것은 얼마나 급합니까|얼마나 긴급합니까], {labels}?", "[우선순위를 고르세요|긴급도를 쓰세요] ({labels}).\n{text}", "{text}\n얼마나 급합니까, {labels}?", "우선순위를 쓰세요 ({labels}).\n{text}"],
}


def content(writer: Writer, topic: Topic) -> str:
    return writer.tell(topic.sentences, thing=writer.thing(), name=writer.name(), code=writer.code(), city=writer.city(),
                       number=writer.between(2, 999), day=writer.from_list("days"))


def pick_among(writer: Writer, wordings: dict[str, list[str]], topics: list[Topic], chosen: int, first_names: float) -> Turns:
    """A random subset of the topics in random order, each under one of its names; the text is about one of them."""
    offered = writer.rng.sample(topics, chosen)
    usual = writer.chance(first_names)
    labels = [topic.labels[0] if usual else writer.rng.choice(topic.labels) for topic in offered]
    answer = writer.between(0, chosen - 1)
    return [(writer.instruct(wordings, labels=", ".join(labels), text=content(writer, offered[answer])), labels[answer])]


def classify_ticket(writer: Writer) -> Turns:
    topics = TICKETS[writer.language]
    return pick_among(writer, TICKET, topics, writer.between(2, len(topics)), 0.5)


def sentiment(writer: Writer) -> Turns:
    return pick_among(writer, SENTIMENT, SENTIMENTS[writer.language], 2, 0.6)


def urgency(writer: Writer) -> Turns:
    return pick_among(writer, URGENCY, URGENCIES[writer.language], 2, 0.6)


LANGUAGE = {
    "en": ["[Which|What] language is this? {text}", "Language: {text}", "{text}\n[Language?|Which language is it?]", "Name the language[.|:]\n{text}",
           "What is the language of this text?\n{text}", "{text}\nName the language."],
    "ko": ["[어느|무슨] 언어입니까? {text}", "언어: {text}", "{text}\n[언어는?|무슨 언어입니까?]", "언어를 [쓰세요|말하세요][.|:]\n{text}",
           "이 글은 무슨 언어입니까?\n{text}", "{text}\n언어를 쓰세요."],
}


def name_language(writer: Writer) -> Turns:
    language = writer.rng.choice(sorted(SPOKEN))
    text = " ".join(writer.rng.choice(SPOKEN[language]) for _ in range(writer.between(4, 8)))
    return [(writer.instruct(LANGUAGE, text=text), KOREAN_LANGUAGE_NAMES[language] if writer.language == "ko" else language)]


TOPIC_SENTENCES = {
    "en": ["{name} asked about the {word}.", "I have a question about my {word}.", "The {word} was on {day}.", "There is a {word} here.",
           "We talked about the {word} with {name}.", "My {word} and my {other}.", "[I|We] need [help with|to know about] the {word}.", "The {word} is [new|old|here].",
           "{name} told me about [a|the] {word} on {day}.", "Is the {word} for {name}?", "{name} has a question about the {word} and the {other}.", "{word}, {other}.",
           "[I|We] saw the {word} on {day}.", "What about the {word}?", "Please write to {name} about my {word}.", "The {other} is here, the {word} is not.",
           "On {day} [I|we] asked about a {word}.", "[Tell me|{name} wrote] about [the|my] {word}.",
           "Can you tell me about the {word}?", "The {word} and the {other} are here.", "{name} wrote about the {word} and the {other}.", "I told {name} about my {word}.",
           "We have a question about the {word}.", "Is there a {word} on {day}?"],
    "ko": ["{name}님이 {word}에 대해 물었습니다.", "{word}에 대한 질문이 있습니다.", "{day}에 {word} 이야기를 했습니다.", "여기 {word}(이/가) 있습니다.",
           "{name}님과 {word}에 대해 이야기했습니다.", "제 {word}(과/와) {other}입니다.", "{word}에 대해 [알고 싶습니다|도움이 필요합니다].", "{word}(이/가) [새것입니다|오래되었습니다].",
           "{day}에 {name}님이 {word}(을/를) 말했습니다.", "{word}(은/는) {name}님의 것입니까?", "{word}(과/와) {other}에 대해 물었습니다.", "{word}, {other}.",
           "{day}에 {word}(을/를) 보았습니다.", "{word}(은/는) 어떻습니까?", "{name}님에게 {word}에 대해 써 주세요.", "{other}(은/는) 있고 {word}(은/는) 없습니다.",
           "{word}에 대한 것을 [알려|말해] 주세요.", "{name}님은 {word}(을/를) 압니다.",
           "{word}에 대해 알려 주세요.", "{word}(과/와) {other}(이/가) 있습니다.", "{name}님이 {word}(과/와) {other}(을/를) 말했습니다.", "{name}님에게 {word} 이야기를 했습니다.",
           "{other}에 대한 질문과 {word}에 대한 질문이 있습니다.", "{day}에 {word}에 대해 물었습니다."],
}
DESCRIBED = {
    "en": ["[Choose a label.|Pick the label.|Classify the text.]\n{labels}\nText: {text}", "Labels:\n{labels}\n[Text|Message]: {text}[|\nLabel:]",
           "Text: {text}\n[Which label fits?|Choose a label.]\n{labels}", "[Classify|Label] the [message|text] with one label.\n{labels}\n{text}",
           "Pick one label.\n{labels}\nMessage: {text}", "Message: {text}\nClassify with one label:\n{labels}"],
    "ko": ["[라벨을 고르세요.|분류하세요.|글을 분류하세요.]\n{labels}\n글: {text}", "라벨:\n{labels}\n[글|메시지]: {text}[|\n라벨:]",
           "글: {text}\n[어떤 라벨입니까?|라벨을 고르세요.]\n{labels}", "[메시지를|글을] 라벨 하나로 분류하세요.\n{labels}\n{text}",
           "라벨 하나를 고르세요.\n{labels}\n메시지: {text}", "메시지: {text}\n글을 분류하세요:\n{labels}"],
}


def described_labels(writer: Writer) -> Turns:
    """Labels invented each time and described by topic. The easy form names the very word that the text uses."""
    topics = TOPICS[writer.language]
    chosen = writer.rng.sample(sorted(topics), 2 if writer.easy() else writer.between(2, 4))
    literal = writer.easy() or writer.chance(0.3)
    names = writer.distinct(writer.rng.choice([writer.code, writer.invented]), len(chosen))
    used = {topic: writer.rng.sample(topics[topic], 2) for topic in chosen}
    lines = []
    for label, topic in zip(names, chosen, strict=True):
        others = [word for word in topics[topic] if word not in (topic, *used[topic])]
        hints = used[topic][:1] if literal else [topic, *writer.rng.sample(others, 2)][: writer.between(1, 3)]
        lines.append(f"{label}: {', '.join(hints)}")
    answer = writer.between(0, len(chosen) - 1)
    word, other = used[chosen[answer]]
    text = writer.tell(TOPIC_SENTENCES[writer.language], word=word, other=other, name=writer.name(), day=writer.from_list("days"))
    return [(writer.instruct(DESCRIBED, labels="\n".join(lines), text=text), names[answer])]


CONTAINS = {
    "en": ["If the text [contains|has] {word}, answer {yes}, [otherwise|else] [answer |]{no}.\nText: {text}",
           "Answer {yes} if the text has the word {word}, otherwise {no}.\n{text}", "Text: {text}\nAnswer {yes} if it [has|contains] {word}, else {no}.",
           "Rule: {word} means {yes}, otherwise {no}.\nText: {text}",
           "Text: {text}\nIf the text has the word {word}, answer {yes}, else {no}.", "Answer {yes} if the text contains {word}, else answer {no}.\nText: {text}"],
    "ko": ["글에 {word}(이/가) [있으면|나오면] {yes}, [아니면|없으면] {no}[|라고 답하세요].\n글: {text}", "{word}(이/가) 글에 있으면 {yes}, 아니면 {no}.\n{text}",
           "글: {text}\n{word}(이/가) [있으면|나오면] {yes}, 아니면 {no}[|라고 답하세요].", "규칙: {word}(은/는) {yes}, 아니면 {no}.\n글: {text}",
           "글: {text}\n글에 {word}(이/가) 나오면 {yes}, 없으면 {no}.", "{word}(이/가) 글에 나오면 {yes}, 없으면 {no}라고 답하세요.\n글: {text}"],
}


def follow_rule(writer: Writer) -> Turns:
    """Whether a word stands in the text decides between two answers, invented ones most often. The easy form is a text of one word."""
    literal = writer.chance(0.3) or writer.easy()
    yes, no = YES_NO[writer.language] if literal else writer.distinct(writer.rng.choice([writer.code, writer.invented]), 2)
    draw = writer.rng.choice([writer.thing, writer.invented, writer.name])
    words = writer.distinct(draw, 2 if writer.easy() else writer.between(2, 6))
    absent = words.pop()
    holds = writer.chance(0.5)
    prompt = writer.instruct(CONTAINS, word=writer.rng.choice(words) if holds else absent, yes=yes, no=no, text=" ".join(words))
    return [(prompt, yes if holds else no)]
