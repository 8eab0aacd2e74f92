"""Tasks answered from sentences: extractive questions, "is the answer there?", JSON extraction."""
from __future__ import annotations

import json
from dataclasses import dataclass

from .copying import NOT_FOUND, YES_NO, Turns
from .writer import Writer, part_of


@dataclass(frozen=True)
class Relation:
    """A kind of fact: its slots (the subject first), how it is told, and questions with the slot that answers each.

    The last quarter of the ways of telling and the last two questions of each language are kept for evaluation, in words that also train.
    """

    slots: dict[str, str]
    told: dict[str, list[str]]
    asked: dict[str, list[tuple[str, str]]]


RELATIONS = [
    Relation(dict(a="name", b="city"),
             dict(en=["In {b} is the house of {a}.", "{b} is where {a} has a house.", "In {b}, {a} has a home.",
                      "{a} lives in {b}.", "{a} is from {b}.", "{b} is where {a} lives.", "The home of {a} is in {b}.", "{b} is the [home|city|town] of {a}.",
                      "In {b} lives {a}.", "{a} has a [home|house] in {b}.", "The [city|town] of {a} is {b}.", "{a} comes from [the city of |]{b}.",
                      "{b} is where {a} has a home.", "{a} lives in the [city|town] of {b}.", "In {b} is the home of {a}."],
                  ko=["{b}에 있는 집은 {a}의 집입니다.", "{b}에 살고 있는 사람은 {a}입니다.", "{b}에서 {a}(이/가) 삽니다.",
                      "{a}(은/는) {b}에 삽니다.", "{a}의 집은 {b}에 있습니다.", "{b}에는 {a}(이/가) 삽니다.", "{a}(이/가) 사는 곳은 {b}입니다.", "{b}에 [사는|집이 있는] 사람은 {a}입니다.",
                      "{b}(은/는) {a}(이/가) 사는 [곳입니다|도시입니다].", "{a}(은/는) {b}에 [살고|집이] 있습니다.", "{a}(은/는) {b}에서 [왔습니다|삽니다].", "{b}(이/가) {a}의 [도시입니다|고향입니다].",
                      "{b}에 {a}의 집이 있습니다.", "{a}(이/가) {b}에 살고 있습니다.", "{b}에서 사는 사람은 {a}입니다."]),
             dict(en=[("In which [city|town] is the house of {a}?", "b"), ("Whose house is in {b}?", "a"), ("{a} lives in which city?", "b"),
                      ("Where does {a} live?", "b"), ("Where is {a} from?", "b"), ("Who lives in {b}?", "a"),
                      ("In which [city|town] [does {a} live|is {a}]?", "b"), ("Who [is|comes] from {b}?", "a"), ("Where is the home of {a}?", "b"),
                      ("In which city is the home of {a}?", "b"), ("Whose home is in {b}?", "a")],
                  ko=[("어디에 {a}의 집이 있습니까?", "b"), ("{b}에서 누가 삽니까?", "a"),
                      ("{a}(은/는) 어디에 삽니까?", "b"), ("{b}에 사는 사람은 누구입니까?", "a"), ("누가 {b}에 삽니까?", "a"), ("{a}의 집은 [어디입니까|어디에 있습니까]?", "b"),
                      ("{a}(이/가) 사는 [곳은|도시는] 어디입니까?", "b"), ("{b}에서 [온|사는] 사람은 누구입니까?", "a"), ("어디에 {a}(이/가) 삽니까?", "b"), ("{b}에는 누가 삽니까?", "a")])),
    Relation(dict(a="name", b="coloured_thing"),
             dict(en=["What {a} [has|owns] is a {b}.", "A {b} is what {a} has.", "It is {a} who [has|owns] the {b}.",
                      "{a} has a {b}.", "{a} owns a {b}.", "The {b} belongs to {a}.", "{a} got a {b}.", "The {b} is owned by {a}.",
                      "{a} [keeps|carries] a {b}.", "There is a {b} with {a}.", "The owner of the {b} is {a}.", "{a} is the owner of a {b}.",
                      "A {b} belongs to {a}.", "A {b} is owned by {a}.", "{a} keeps the {b}."],
                  ko=["{b}(을/를) {a}(이/가) 받았습니다.", "{a}(이/가) 가진 것은 {b}입니다.", "{b}(은/는) {a}(이/가) 가지고 있습니다.",
                      "{a}에게 {b}(이/가) 있습니다.", "{a}(은/는) {b}(을/를) 가지고 있습니다.", "{b}(은/는) {a}의 것입니다.", "{a}(은/는) {b}(을/를) 받았습니다.", "{b}(은/는) {a}에게 있습니다.",
                      "{b}의 주인은 {a}입니다.", "{b}(을/를) 가진 사람은 {a}입니다.", "{a}(이/가) {b}의 주인입니다.", "{a}(은/는) {b}(을/를) [갖고|들고] 있습니다.", "{b}(이/가) {a}에게 있습니다.",
                      "{b}(을/를) {a}(이/가) 가지고 있습니다.", "{a}(은/는) {b}의 주인입니다."]),
             dict(en=[("Who is the {b} owned by?", "a"), ("What does {a} keep?", "b"), ("What is owned by {a}?", "b"),
                      ("What does {a} [have|own]?", "b"), ("Who has the {b}?", "a"), ("Whose is the {b}?", "a"), ("Who [owns|is the owner of] the {b}?", "a"),
                      ("What belongs to {a}?", "b"), ("To whom does the {b} belong?", "a"), ("What is {a} the owner of?", "b"),
                      ("Who does the {b} belong to?", "a")],
                  ko=[("{a}의 것은 무엇입니까?", "b"), ("{b}(을/를) 가진 사람은 누구입니까?", "a"),
                      ("{a}에게 무엇이 있습니까?", "b"), ("{a}(은/는) 무엇을 가지고 있습니까?", "b"), ("{b}(은/는) 누구에게 있습니까?", "a"), ("{b}(은/는) 누구의 것입니까?", "a"),
                      ("{b}의 주인은 누구입니까?", "a"), ("누가 {b}(을/를) [가지고|갖고] 있습니까?", "a"), ("{a}(이/가) 가지고 있는 것은 무엇입니까?", "b"), ("{b}(을/를) 누가 가지고 있습니까?", "a")])),
    Relation(dict(a="name", b="number", c="thing"),
             dict(en=["What {a} [bought|took] is {b} {c}s.", "There are {b} {c}s [in the order of|that go to] {a}.", "It was {a} who [ordered|bought] {b} {c}s.",
                      "{a} bought {b} {c}s.", "{a} ordered {b} {c}s.", "{b} {c}s were bought by {a}.", "{a} took {b} {c}s.",
                      "{b} {c}s [were ordered by|are for|go to] {a}.", "The order of {a} is {b} {c}s.", "{a} [picked|chose] {b} {c}s.",
                      "{b} {c}s is what {a} [bought|ordered].", "For {a} there are {b} {c}s.", "There are {b} {c}s for {a}.", "What {a} ordered is {b} {c}s.",
                      "{b} {c}s is what {a} took."],
                  ko=["{c} {b}개를 {a}(이/가) 골랐습니다.", "{a}(이/가) 주문한 {c}(은/는) {b}개입니다.", "{c}(을/를) {b}개 산 사람은 {a}입니다.",
                      "{a}(은/는) {c} {b}개를 샀습니다.", "{a}(은/는) {c} {b}개를 주문했습니다.", "{c} {b}개를 {a}(이/가) 샀습니다.", "{a}(은/는) {c} {b}개를 골랐습니다.",
                      "{c} {b}개를 [산|주문한|고른] 사람은 {a}입니다.", "{a}의 주문은 {c} {b}개입니다.", "{a}(이/가) [산|고른] 것은 {c} {b}개입니다.", "{c} {b}개는 {a}의 [주문입니다|것입니다].",
                      "{a}(은/는) {c}(을/를) {b}개 [샀습니다|주문했습니다].", "{c} {b}개를 {a}(이/가) 주문했습니다.", "{a}(이/가) 주문한 것은 {c} {b}개입니다.",
                      "{a}(은/는) {c}(을/를) {b}개 골랐습니다."]),
             dict(en=[("How many {c}s [did {a} take|go to {a}]?", "b"), ("For whom are the {b} {c}s?", "a"), ("In the order of {a}, how many {c}s are there?", "b"),
                      ("How many {c}s did {a} buy?", "b"), ("Who bought {b} {c}s?", "a"), ("How many {c}s did {a} order?", "b"),
                      ("How many {c}s are [there |]for {a}?", "b"), ("Who ordered {b} {c}s?", "a"), ("{a} [bought|ordered] how many {c}s?", "b"),
                      ("For {a}, how many {c}s are there?", "b"), ("{b} {c}s are for whom?", "a")],
                  ko=[("{c} {b}개를 고른 사람은 누구입니까?", "a"), ("{a}(은/는) {c} 몇 개를 골랐습니까?", "b"),
                      ("{a}(은/는) {c} 몇 개를 샀습니까?", "b"), ("{c} {b}개를 산 사람은 누구입니까?", "a"), ("{a}의 {c}(은/는) 몇 개입니까?", "b"), ("누가 {c} {b}개를 [샀습니까|주문했습니까]?", "a"),
                      ("{a}(은/는) {c}(을/를) 몇 개 [샀습니까|주문했습니까]?", "b"), ("{a}(이/가) [산|주문한] {c}(은/는) 몇 개입니까?", "b"), ("{c} {b}개를 주문한 사람은 누구입니까?", "a"),
                      ("{a}(은/는) {c} 몇 개를 주문했습니까?", "b")])),
    Relation(dict(a="event", b="day", c="clock"),
             dict(en=["On {b} at {c} we have the {a}.", "On {b} the {a} [starts|begins] at {c}.", "{b} at {c} is when the {a} begins.",
                      "The {a} is on {b} at {c}.", "The {a} starts on {b} at {c}.", "On {b} at {c} there is the {a}.", "The {a}: {b}, {c}.",
                      "{b} at {c} is the time of the {a}.", "We [have|hold] the {a} on {b} at {c}.", "The {a} [takes place|begins] on {b}, [at |]{c}.",
                      "At {c} on {b} [the {a} starts|there is the {a}].", "{b}, {c}: the {a}.", "On {b} at {c} the {a} begins.",
                      "On {b} we have the {a} at {c}.", "{b} at {c}: the {a}."],
                  ko=["{b} {c}에 시작하는 것은 {a}입니다.", "{a}(을/를) {b} {c}에 합니다.", "{b} {c}에 {a}(이/가) 열립니다.",
                      "{a}(은/는) {b} {c}에 있습니다.", "{a}(은/는) {b} {c}에 시작합니다.", "{b} {c}에 {a}(이/가) 있습니다.", "{a}: {b} {c}.", "{b} {c}에 {a}(을/를) [합니다|엽니다].",
                      "{a} 시간은 {b} {c}입니다.", "{b} {c}: {a}.", "{a}(이/가) {b} {c}에 [있습니다|열립니다].", "{b} {c}에는 {a}(이/가) [시작합니다|열립니다].",
                      "{b} {c}에 {a}(이/가) 시작합니다.", "{a}(은/는) {b} {c}에 열립니다.", "{a}(을/를) {b} {c}에 엽니다."]),
             dict(en=[("On which day does the {a} [start|begin]?", "b"), ("What starts on {b} at {c}?", "a"), ("What time does the {a} [start|begin]?", "c"), ("On what day is the {a}?", "b"),
                      ("When is the {a}?", "b"), ("What day is the {a}?", "b"), ("What time is the {a}?", "c"), ("On which day is the {a}?", "b"),
                      ("At what time does the {a} [start|begin]?", "c"), ("What [is|starts] on {b}?", "a"), ("On what day does the {a} start?", "b"),
                      ("What is on {b} at {c}?", "a")],
                  ko=[("무슨 요일에 {a}(이/가) 있습니까?", "b"), ("몇 시에 {a}(이/가) 시작합니까?", "c"),
                      ("{a}(은/는) 언제입니까?", "b"), ("{a}(은/는) 몇 시입니까?", "c"), ("{a}(은/는) 무슨 요일입니까?", "b"), ("{a}(은/는) 몇 시에 [시작합니까|있습니까]?", "c"),
                      ("{b} {c}에 [무엇이 있습니까|무엇을 합니까]?", "a"), ("{a}(은/는) 무슨 요일에 있습니까?", "b"), ("{a}(은/는) 무슨 요일에 시작합니까?", "b"), ("몇 시에 {a}(이/가) 있습니까?", "c")])),
    Relation(dict(a="name", b="job"),
             dict(en=["The name of our {b} is {a}.", "Here {a} is the {b}.", "{a} has work as a {b}.",
                      "{a} is a {b}.", "{a} works as a {b}.", "The {b} is {a}.", "{a} became a {b}.", "{a} has a job as a {b}.", "The job of {a} is {b}.",
                      "Our {b} is [called |]{a}.", "As a {b}, {a} works [here|a lot].", "{a} [earns money|is employed] as a {b}.", "{a} is our {b}.",
                      "{a} works here as a {b}.", "The {b} here is {a}."],
                  ko=["{b} 일을 하고 있는 사람은 {a}입니다.", "{a}(이/가) {b} 일을 합니다.", "{a}의 일은 {b}입니다.",
                      "{a}의 직업은 {b}입니다.", "{a}(은/는) {b}(으로/로) 일합니다.", "{b}(은/는) {a}입니다.", "{a}(은/는) {b}입니다.", "{b}(이/가) {a}의 직업입니다.",
                      "{a}(이/가) 하는 일은 {b}입니다.", "{b}(으로/로) [일하는|일하고 있는] 사람은 {a}입니다.", "{a}(은/는) {b} 일을 [합니다|하고 있습니다].", "{a} 직업: {b}.",
                      "{a}(은/는) {b}(으로/로) 일하고 있습니다.", "{b} 일을 하는 사람은 {a}입니다.", "{b}(은/는) {a}의 직업입니다."]),
             dict(en=[("Who is our {b}?", "a"), ("Who has a job as a {b}?", "a"), ("What work does {a} have?", "b"), ("What job has {a}?", "b"),
                      ("What is the job of {a}?", "b"), ("What does {a} work as?", "b"), ("Who is the {b}?", "a"), ("Who works as a {b}?", "a"),
                      ("Which job does {a} have?", "b"), ("As what does {a} work?", "b"), ("Who has the job of {b}?", "a"), ("What job does {a} have?", "b")],
                  ko=[("{a}의 일은 무엇입니까?", "b"), ("누구의 직업이 {b}입니까?", "a"),
                      ("{a}의 직업은 무엇입니까?", "b"), ("{b}(은/는) 누구입니까?", "a"), ("{a}(은/는) 무슨 일을 합니까?", "b"), ("누가 {b}(으로/로) 일합니까?", "a"),
                      ("{a}(이/가) 하는 일은 무엇입니까?", "b"), ("{b} 일을 하는 사람은 누구입니까?", "a"), ("무슨 일을 {a}(이/가) 합니까?", "b"), ("누가 {b} 일을 합니까?", "a")])),
    Relation(dict(a="thing", b="code"),
             dict(en=["Enter {b} for the {a}.", "The {a} needs [the |]code {b}.", "{a}: the code is {b}.",
                      "The code of the {a} is {b}.", "The {a} has code {b}.", "{b} is the code of the {a}.", "Use code {b} for the {a}.",
                      "The {a} [carries|bears] the code {b}.", "Code {b} is for the {a}.", "Code of the {a}: {b}.",
                      "For the {a}, [use|type|enter] [the code |]{b}.", "The code for the {a} is {b}.", "Type the code {b} for the {a}.",
                      "The {a}: code {b}.", "{b} is the code for the {a}."],
                  ko=["{a}에 쓰는 코드는 {b}입니다.", "{b}(이/가) {a}(을/를) 위한 코드입니다.", "코드는 {b}, 물건은 {a}입니다.",
                      "{a}의 코드는 {b}입니다.", "{a} 코드: {b}.", "{b}(은/는) {a}의 코드입니다.", "{a}에는 코드 {b}(을/를) 쓰세요.", "코드 {b}(은/는) [{a}의 것입니다|{a}입니다].",
                      "{a}(은/는) 코드가 {b}입니다.", "{b}(이/가) {a} 코드입니다.", "코드 {b}: {a}.", "{a}(을/를) 위한 코드는 {b}입니다.", "{a} 코드는 {b}입니다.",
                      "{b}(은/는) {a}(을/를) 위한 코드입니다.", "{a}의 코드: {b}."]),
             dict(en=[("For which thing is code {b}?", "a"), ("Which code do I [use|type|enter] for the {a}?", "b"), ("What do I need code {b} for?", "a"),
                      ("What is the code of the {a}?", "b"), ("Which code does the {a} have?", "b"), ("What has [the |]code {b}?", "a"),
                      ("What code is for the {a}?", "b"), ("Which thing has [the |]code {b}?", "a"), ("What is code {b} for?", "a"),
                      ("Which code is for the {a}?", "b"), ("For what is code {b}?", "a")],
                  ko=[("코드 {b}(은/는) 무엇의 코드입니까?", "a"), ("{a} 코드는 무엇입니까?", "b"),
                      ("{a}의 코드는 무엇입니까?", "b"), ("{a}의 코드는?", "b"), ("코드 {b}(은/는) [무엇입니까|무슨 물건입니까]?", "a"), ("{a} 코드를 알려 주세요.", "b"),
                      ("코드가 {b}인 [것은|물건은] 무엇입니까?", "a"), ("{a}에는 무슨 코드를 씁니까?", "b"), ("{a}의 코드를 알려 주세요.", "b"), ("코드가 {b}인 것은 무슨 물건입니까?", "a")])),
    Relation(dict(a="thing", b="number"),
             dict(en=["For the {a} you pay {b} dollars.", "What you pay for the {a} is {b} dollars.", "{b} dollars is what the {a} costs.",
                      "The {a} costs {b} dollars.", "The price of the {a} is {b} dollars.", "You pay {b} dollars for the {a}.", "The {a} is {b} dollars.",
                      "{b} dollars is the price of the {a}.", "For {b} dollars you [get|can buy] the {a}.", "The {a} [sells|is sold] for {b} dollars.",
                      "We [sell|offer] the {a} for {b} dollars.", "Price of the {a}: {b} dollars.", "You can buy the {a} for {b} dollars.",
                      "{b} dollars is what you pay for the {a}.", "The {a}: {b} dollars."],
                  ko=["{b}원을 내면 {a}(을/를) 살 수 있습니다.", "{b}원은 {a} 값입니다.", "{a}(은/는) {b}원에 팝니다.",
                      "{a}(은/는) {b}원입니다.", "{a}의 가격은 {b}원입니다.", "{a} 값은 {b}원입니다.", "{a}(을/를) {b}원에 팝니다.", "{b}원에 {a}(을/를) [팝니다|살 수 있습니다].", "{a} 가격: {b}원.",
                      "{b}원이 {a}의 [가격입니다|값입니다].", "{a}(을/를) 사려면 {b}원을 [냅니다|내세요].", "{a}: {b}원.", "{a}의 값은 {b}원입니다.", "{a}(을/를) {b}원에 살 수 있습니다.",
                      "{b}원이 {a} 값입니다."]),
             dict(en=[("What can I buy for {b} dollars?", "a"), ("Which thing is {b} dollars?", "a"), ("For how many dollars can I buy the {a}?", "b"),
                      ("How much is the {a}?", "b"), ("How much does the {a} cost?", "b"), ("What is the price of the {a}?", "b"),
                      ("What does the {a} cost?", "b"), ("What costs {b} dollars?", "a"), ("[How much|How many dollars] do [you|I] pay for the {a}?", "b"),
                      ("How many dollars does the {a} cost?", "b"), ("Which thing costs {b} dollars?", "a")],
                  ko=[("{a}의 값은 얼마입니까?", "b"), ("{b}원에 무엇을 살 수 있습니까?", "a"),
                      ("{a}(은/는) 얼마입니까?", "b"), ("{a}의 가격은?", "b"), ("{a} 값은 얼마입니까?", "b"), ("{b}원인 [것은|물건은] 무엇입니까?", "a"), ("{a}(을/를) 사려면 얼마를 냅니까?", "b"),
                      ("{a}(을/를) 얼마에 [팝니까|살 수 있습니까]?", "b"), ("{a}의 가격은 얼마입니까?", "b"), ("얼마에 {a}(을/를) 팝니까?", "b")])),
    Relation(dict(a="thing", b="place"),
             dict(en=["In the {b} is the {a}.", "In the {b} [someone|we] put the {a}.", "Someone found the {a} in the {b}.",
                      "The {a} is in the {b}.", "You can find the {a} in the {b}.", "In the {b} there is a {a}.", "The {a} stands in the {b}.",
                      "The {b} has a {a} in it.", "There is a {a} in the {b}.", "The {a} was [left|put] in the {b}.", "[Someone|We] put the {a} in the {b}.",
                      "The place of the {a} is the {b}.", "In the {b} you can find the {a}.", "In the {b} stands the {a}.",
                      "Someone left the {a} in the {b}."],
                  ko=["{b}에 놓여 있는 것은 {a}입니다.", "{b}에 {a}(을/를) 놓았습니다.", "{a}(은/는) {b}에서 볼 수 있습니다.",
                      "{a}(은/는) {b}에 있습니다.", "{b}에 {a}(이/가) 있습니다.", "{a}(을/를) {b}에서 찾을 수 있습니다.", "{a}(은/는) {b}에 두었습니다.", "{b}에는 {a}(이/가) [있습니다|놓여 있습니다].",
                      "{a}(이/가) 있는 곳은 {b}입니다.", "{b}에서 {a}(을/를) [찾았습니다|볼 수 있습니다].", "{b}에 있는 것은 {a}입니다.", "{a}(을/를) {b}에 [두었습니다|놓았습니다].",
                      "{b}에서 {a}(을/를) 찾을 수 있습니다.", "{a}(은/는) {b}에 놓여 있습니다.", "{b}에 {a}(을/를) 두었습니다."]),
             dict(en=[("In which room was the {a} put?", "b"), ("What stands in the {b}?", "a"), ("What was left in the {b}?", "a"),
                      ("Where is the {a}?", "b"), ("What is in the {b}?", "a"), ("Where can I find the {a}?", "b"), ("In which room is the {a}?", "b"),
                      ("What can I find in the {b}?", "a"), ("Where [does the {a} stand|was the {a} put]?", "b"), ("In which room can I find the {a}?", "b"),
                      ("What was put in the {b}?", "a")],
                  ko=[("어디에 {a}(이/가) 있습니까?", "b"), ("무엇을 {b}에서 찾습니까?", "a"),
                      ("{a}(은/는) 어디에 있습니까?", "b"), ("{b}에 무엇이 있습니까?", "a"), ("{a}(을/를) 어디에서 찾습니까?", "b"), ("{a}(이/가) 있는 곳은 어디입니까?", "b"),
                      ("{b}에 있는 [것은|물건은] 무엇입니까?", "a"), ("{a}(을/를) 어디에 두었습니까?", "b"), ("어디에서 {a}(을/를) 찾습니까?", "b"), ("무엇이 {b}에 있습니까?", "a")])),
    Relation(dict(a="name", b="day"),
             dict(en=["On {b} we see {a}.", "On {b}, {a} comes.", "The day when {a} comes is {b}.",
                      "{a} arrives on {b}.", "{a} comes on {b}.", "On {b}, {a} arrives.", "{a} is here on {b}.", "{b} is the day when {a} [comes|arrives].",
                      "{a} will [come|be here] on {b}.", "We [see|expect] {a} on {b}.", "On {b} [comes {a}|we meet {a}].", "The visit of {a} is on {b}.",
                      "On {b}, {a} is here.", "On {b} we expect {a}.", "The day of the visit of {a} is {b}."],
                  ko=["{b}에 {a}(이/가) 방문합니다.", "{a}의 방문은 {b}에 있습니다.", "{b}(은/는) {a}(이/가) 방문하는 날입니다.",
                      "{a}(은/는) {b}에 옵니다.", "{a}(은/는) {b}에 도착합니다.", "{b}에 {a}(이/가) 옵니다.", "{a}(은/는) {b}에 방문합니다.", "{b}에 [오는|방문하는] 사람은 {a}입니다.",
                      "{a}(이/가) [오는|도착하는] [날은|요일은] {b}입니다.", "{b}(은/는) {a}(이/가) 오는 [날입니다|요일입니다].", "{b}에는 {a}(이/가) [옵니다|도착합니다].", "{a}의 방문은 {b}입니다.",
                      "{b}에 {a}(이/가) 도착합니다.", "{a}(이/가) 방문하는 날은 {b}입니다.", "{b}에 도착하는 사람은 {a}입니다."]),
             dict(en=[("On {b}, who comes?", "a"), ("On which day does {a} arrive?", "b"), ("When is the visit of {a}?", "b"), ("Whose visit is on {b}?", "a"),
                      ("When does {a} arrive?", "b"), ("When does {a} come?", "b"), ("Who arrives on {b}?", "a"), ("On which day does {a} come?", "b"),
                      ("Who [comes|is here] on {b}?", "a"), ("When is {a} here?", "b"), ("On which day is {a} here?", "b"), ("On {b}, who arrives?", "a")],
                  ko=[("{a}(은/는) 언제 방문합니까?", "b"), ("{b}에 누가 방문합니까?", "a"),
                      ("{a}(은/는) 언제 옵니까?", "b"), ("{b}에 오는 사람은 누구입니까?", "a"), ("{a}(이/가) 오는 요일은?", "b"), ("{a}(은/는) 무슨 요일에 [옵니까|도착합니까]?", "b"),
                      ("누가 {b}에 [옵니까|도착합니까]?", "a"), ("{a}(이/가) [오는|도착하는] 날은 언제입니까?", "b"), ("{a}(은/는) 언제 도착합니까?", "b"), ("{b}에 누가 옵니까?", "a")])),
    Relation(dict(a="thing", b="name"),
             dict(en=["What {b} [made|built] is the {a}.", "The {a} is what {b} [repaired|built].", "It was {b} who made the {a}.",
                      "The {a} was made by {b}.", "{b} made the {a}.", "{b} repaired the {a}.", "The {a} is the work of {b}.", "The {a} is by {b}.",
                      "The maker of the {a} is {b}.", "{b} is the maker of the {a}.", "{b} [built|finished] the {a}.", "The {a} was [built|repaired] by {b}.",
                      "The {a} was finished by {b}.", "The {a} is what {b} made.", "The work of {b} is the {a}."],
                  ko=["{b}(은/는) {a}(을/를) 고쳤습니다.", "{a}(을/를) 만든 것은 {b}입니다.", "{b}의 작품이 {a}입니다.",
                      "{a}(은/는) {b}(이/가) 만들었습니다.", "{b}(이/가) {a}(을/를) 고쳤습니다.", "{b}(은/는) {a}(을/를) 만들었습니다.", "{a}(은/는) {b}의 작품입니다.",
                      "{a}(을/를) [만든|고친] 사람은 {b}입니다.", "{b}(이/가) 만든 것은 {a}입니다.", "{a}(을/를) {b}(이/가) [만들었습니다|고쳤습니다].", "{b}의 작품은 {a}입니다.",
                      "{a}(은/는) {b}(이/가) [만든|고친] 것입니다.", "{b}(이/가) {a}(을/를) 만들었습니다.", "{b}(이/가) 고친 것은 {a}입니다.", "{a}(은/는) {b}(이/가) 고쳤습니다."]),
             dict(en=[("By whom was the {a} [built|repaired]?", "b"), ("What is the work of {b}?", "a"), ("Whose work is the {a}?", "b"),
                      ("Who made the {a}?", "b"), ("What did {b} make?", "a"), ("Who repaired the {a}?", "b"), ("By whom is the {a}?", "b"),
                      ("Who is the maker of the {a}?", "b"), ("What [is|was made] by {b}?", "a"), ("By whom was the {a} made?", "b"),
                      ("What is {b} the maker of?", "a")],
                  ko=[("누가 {a}(을/를) 고쳤습니까?", "b"), ("무엇을 {b}(이/가) 고쳤습니까?", "a"),
                      ("{a}(은/는) 누가 만들었습니까?", "b"), ("{b}(은/는) 무엇을 만들었습니까?", "a"), ("{a}(을/를) 만든 사람은?", "b"), ("{a}(을/를) 만든 사람은 누구입니까?", "b"),
                      ("{b}(이/가) 만든 것은 무엇입니까?", "a"), ("{a}(은/는) 누구의 작품입니까?", "b"), ("누가 {a}(을/를) 만들었습니까?", "b"), ("무엇을 {b}(이/가) 만들었습니까?", "a")])),
]


def slot_value(writer: Writer, kind: str) -> str:
    match kind:
        case "name": return writer.name()
        case "city": return writer.city()
        case "thing": return writer.thing()
        case "code": return writer.code()
        case "clock": return writer.clock()
        case "number": return str(writer.between(2, 99))
        case "coloured_thing": return f"{writer.from_list('colours')} {writer.thing()}"
        case "event" | "day" | "job" | "place": return writer.from_list(kind + "s")
    raise ValueError(f"no such slot: {kind}")


def tell(writer: Writer, relation: Relation, fact: dict[str, str]) -> str:
    return writer.tell(relation.told[writer.language], **fact)


def ask(writer: Writer, relation: Relation, fact: dict[str, str]) -> tuple[str, str]:
    """New questions are held out with the instructions, not with the words."""
    options = relation.asked[writer.language]
    question, slot = writer.rng.choice(part_of(options, writer.instructions, 2))
    return writer.fill(question, **fact), fact[slot]


def draw_facts(writer: Writer, relation: Relation, count: int) -> list[dict[str, str]]:
    """Facts of one relation that share no value, so that every question has one answer."""
    columns = {slot: writer.distinct(lambda kind=kind: slot_value(writer, kind), count) for slot, kind in relation.slots.items()}
    return [{slot: values[place] for slot, values in columns.items()} for place in range(count)]


def draw_context(writer: Writer) -> tuple[str, list[tuple[str, str]], tuple[str, str]]:
    """A context of 1-5 sentences, the questions it answers, and one question that it does not answer."""
    kinds = writer.rng.sample(RELATIONS, 1 if writer.easy() else writer.rng.choice([1, 2, 2, 3]))
    sentences: list[str] = []
    questions: list[tuple[str, str]] = []
    unanswerable = ("", "")
    for relation in kinds:
        told = writer.between(1, 3) if writer.easy() else writer.between(2, 5) if len(kinds) == 1 else writer.between(1, 3 if len(kinds) == 2 else 2)
        facts = draw_facts(writer, relation, told + 1)
        absent = facts.pop()
        sentences += [tell(writer, relation, fact) for fact in facts]
        questions += [ask(writer, relation, fact) for fact in facts]
        if relation is kinds[0]:
            unanswerable = ask(writer, relation, absent)
    writer.rng.shuffle(sentences)
    writer.rng.shuffle(questions)
    return passages_of(writer, sentences), questions, unanswerable


def passages_of(writer: Writer, sentences: list[str]) -> str:
    """One paragraph most often, else a sentence a line or passages under their files, as a prompt node writes what a retriever found."""
    match writer.rng.choices(["paragraph", "lines", "passages"], [7, 1, 2])[0]:
        case "paragraph": return " ".join(sentences)
        case "lines": return "\n".join(sentences)
    count = min(len(sentences), writer.between(1, 2))
    return "\n\n".join(f"[{writer.token().replace(' ', '')}.{writer.rng.choice(['md', 'txt'])}]\n{' '.join(sentences[place::count])}" for place in range(count))


ANSWER = {
    "en": ["Context: {context}\nQuestion: {question}[|\nAnswer:]", "{context}\n{question}", "[Text|Context]:\n{context}\n{question}",
           "Answer [the question |]from the [text|context].\n{context}\nQuestion: {question}", "Question: {question}\nContext: {context}",
           "[Document|Passage]: {context}\n[Question|Q]: {question}", "[Question|Q]: {question}\n[Text|Passage]:[ |\n]{context}[|\nAnswer:]",
           "[Text|Documents|Context]:\n{context}\n[Question|Q]: {question}[|\nAnswer:]", "{question}\n{context}", "[Read|Look at] the [context|passage].\n{context}\n[Question: |]{question}", "Use the [text|passage|document] to answer.\n{context}\n{question}",
           "Read the text and answer.\nText: {context}\nQuestion: {question}", "Text: {context}\nAnswer the question: {question}"],
    "ko": ["문맥: {context}\n질문: {question}[|\n답:]", "{context}\n{question}", "[글|문맥]:\n{context}\n{question}",
           "[글을|문맥을] [읽고|보고] 답하세요.\n{context}\n질문: {question}", "질문: {question}\n문맥: {context}",
           "[문서|자료]: {context}\n[질문|물음]: {question}", "[질문|물음]: {question}\n[글|자료]:[ |\n]{context}[|\n답:]",
           "[글|문서|문맥]:\n{context}\n[질문|물음]: {question}[|\n답:]", "{question}\n{context}", "[글을|자료를] 보세요.\n{context}\n[질문: |]{question}", "[글에서|자료에서] 답을 찾으세요.\n{context}\n{question}",
           "글을 읽고 질문에 답하세요.\n글: {context}\n질문: {question}", "글: {context}\n질문에 답하세요: {question}"],
}
NEXT_QUESTION = {"en": ["{question}", "Question: {question}", "And: {question}", "Next: {question}"], "ko": ["{question}", "질문: {question}", "그럼 {question}", "다음: {question}"]}


def answer_question(writer: Writer) -> Turns:
    context, questions, unanswerable = draw_context(writer)
    asked = questions[:3]
    if writer.chance(0.12):
        asked[0] = (unanswerable[0], NOT_FOUND[writer.language])
    turns = [(writer.instruct(ANSWER, context=context, question=asked[0][0]), asked[0][1])]
    return turns + [(writer.tell(NEXT_QUESTION[writer.language], question=question), answer) for question, answer in asked[1:]]


ANSWERABLE = {
    "en": ["Does the [context|text] [contain|have] the answer? [yes or no|Answer yes or no.]\nContext: {context}\nQuestion: {question}",
           "Context: {context}\nQuestion: {question}\n[Is the answer in the context?|Can the question be answered?] [yes or no|Answer yes or no.]",
           "Is the answer [there|in the text]? yes or no\n{context}\n{question}",
           "Can the question be answered from the text? yes or no\nText: {context}\nQuestion: {question}",
           "Context: {context}\nQuestion: {question}\nDoes the context contain the answer? yes or no"],
    "ko": ["[문맥에|글에] 답이 [있습니까|나옵니까]? [예 또는 아니오|예 아니면 아니오로 답하세요.]\n문맥: {context}\n질문: {question}",
           "문맥: {context}\n질문: {question}\n[답이 문맥에 있습니까?|질문에 답할 수 있습니까?] [예 또는 아니오|예 아니면 아니오로 답하세요.]",
           "답이 있습니까? 예 또는 아니오\n{context}\n{question}",
           "글을 보고 질문에 답할 수 있습니까? 예 또는 아니오\n글: {context}\n질문: {question}",
           "문맥: {context}\n질문: {question}\n문맥에 답이 있습니까? 예 또는 아니오"],
}


def answerable(writer: Writer) -> Turns:
    context, questions, unanswerable = draw_context(writer)
    yes, no = YES_NO[writer.language]
    holds = writer.chance(0.5)
    question = questions[0][0] if holds else unanswerable[0]
    return [(writer.instruct(ANSWERABLE, context=context, question=question), yes if holds else no)]


@dataclass(frozen=True)
class Field:
    """A field of extracted JSON: how its value is drawn, its key and the clauses that tell it. The last quarter of the clauses is held out."""

    value: str
    key: dict[str, list[str]]
    told: dict[str, list[str]]


FIELDS = [
    Field("full_name", dict(en=["name"], ko=["이름"]),
          dict(en=["{value} is what people call me.", "{value} is the customer.", "Full name: {value}.",
                   "My name is {value}.", "I am {value}.", "This is {value}.", "{value} here.", "{value} is my [full |]name.", "[Name|Customer]: {value}.",
                   "The name [of the customer |]is {value}.", "[You can|Please] call me {value}.", "The customer is [called|named] {value}.",
                   "Name - {value}.", "name = {value}.", "[I am called|People call me] {value}.", "My full name is {value}.",
                   "{value} is the name of the customer.", "Customer name: {value}.", "The customer is {value}."],
               ko=["고객 - {value}.", "{value}(이/가) 제 성함입니다.", "고객의 이름: {value}.",
                   "제 이름은 {value}입니다.", "저는 {value}입니다.", "이름: {value}.", "{value}라고 합니다.", "{value}(이/가) [제|고객의] 이름입니다.", "[고객|고객의] 이름은 {value}입니다.",
                   "이름 - {value}.", "이름 = {value}.", "고객은 {value} [님입니다|씨입니다].", "{value} 님의 [글입니다|메시지입니다].", "[성함은|제 성함은] {value}입니다.", "[성함|고객]: {value}.",
                   "고객 이름: {value}.", "고객 성함: {value}.", "성함 - {value}.", "고객의 성함은 {value}입니다."])),
    Field("age", dict(en=["age"], ko=["나이"]),
          dict(en=["{value} is how old I am.", "The customer just turned {value}.", "The age: {value}.",
                   "I am {value} years old.", "My age is {value}.", "Age: {value}.", "I turned {value}.", "{value} is my age.",
                   "The customer is {value} years old.", "age = {value}", "I am {value} years of age.", "The age [of the customer |]is {value}.",
                   "I [have |]just turned {value}.", "Age - {value}.", "{value} years old.", "{value} is the age of the customer.",
                   "The customer turned {value}.", "My age: {value}.", "The customer is {value} years of age."],
               ko=["{value}살이 고객의 나이입니다.", "고객 나이: {value}.", "저는 만 {value}세입니다.",
                   "나이는 {value}살입니다.", "{value}살입니다.", "나이: {value}.", "올해 {value}살이 되었습니다.", "[제|고객의|고객] 나이는 {value}살입니다.", "{value}살이 제 나이입니다.",
                   "나이 - {value}[|살].", "나이 = {value}", "저는 [올해 |]{value}살입니다.", "고객은 [만 |]{value}세입니다.", "[연령|나이]: 만 {value}세.", "이제 {value}살이 [됩니다|되었습니다].",
                   "연령 - {value}.", "고객은 올해 {value}살입니다.", "제 나이는 만 {value}세입니다.", "저는 이제 {value}살입니다."])),
    Field("city", dict(en=["city", "town"], ko=["도시"]),
          dict(en=["{value} is where the customer lives.", "{value} is the [city|town] of the customer.", "Home - {value}.",
                   "I live in {value}.", "I am from {value}.", "City: {value}.", "My home is in {value}.", "[From|In] {value}.",
                   "{value} is [my city|my town|where I live].", "[My|Our|The] [city|town] is {value}.",
                   "The customer [lives in|is from|comes from] {value}.", "City - {value}.", "city = {value}.", "Town: {value}.",
                   "[We live in|We are from] {value}[| now].", "I live in the [city|town] of {value}.", "{value} is where we live.",
                   "The home of the customer is in {value}.", "Town - {value}."],
               ko=["{value}(이/가) 사는 도시입니다.", "저희는 {value} 사람입니다.", "고객은 {value}에서 왔습니다.",
                   "{value}에 삽니다.", "집은 {value}에 있습니다.", "도시: {value}.", "사는 곳은 {value}입니다.", "[저는|저희는|고객은] {value}에 [살고 있습니다|삽니다].", "{value}에서 [왔습니다|삽니다].",
                   "[제|저희|고객의] 집은 {value}입니다.", "{value}(이/가) [제|저희] 도시입니다.", "도시 - {value}.", "도시 = {value}.", "[사는 곳|집|사는 도시]: {value}.",
                   "[{value} 사람입니다|도시는 {value}입니다].", "사는 도시는 {value}입니다.", "집 - {value}.", "고객은 {value} 사람입니다.", "저는 {value}에서 왔습니다."])),
    Field("job", dict(en=["job", "role"], ko=["직업"]),
          dict(en=["{value} is what I work as.", "{value} is the role of the customer.", "The role of the customer is {value}.",
                   "I work as a {value}.", "My job is {value}.", "I am a {value}.", "I earn my money as a {value}.", "Job: {value}.",
                   "[The|My] role is {value}.", "{value} is my [job|role|work].", "The customer [is|works as] a {value}.", "job = {value}.",
                   "[Role|Work] - {value}.", "[I have a job|I have worked] as a {value}.", "As a {value} I [work|earn my money].",
                   "The job of the customer is {value}.", "Role: {value}.", "I have work as a {value}.", "{value} is the job of the customer."],
               ko=["{value}(이/가) 하는 일입니다.", "고객의 일은 {value}입니다.", "{value} 일이 제 직업입니다.",
                   "직업은 {value}입니다.", "{value}(으로/로) 일합니다.", "직업: {value}.", "하는 일은 {value}입니다.", "[저는|고객은] {value}(으로/로) [일하고 있습니다|일합니다].",
                   "[제|고객의] 직업은 {value}입니다.", "{value}(이/가) [제|고객의] 직업입니다.", "직업 - {value}.", "직업 = {value}.", "[하는 일|일]: {value}.",
                   "{value} 일을 [합니다|하고 있습니다].", "[제가|고객이] 하는 일은 {value}입니다.", "하는 일 - {value}.", "고객은 {value} 일을 합니다.", "{value}(은/는) 제 직업입니다.",
                   "저는 {value} 일을 하고 있습니다."])),
    Field("code", dict(en=["order", "order_id"], ko=["주문"]),
          dict(en=["{value} is the order of the customer.", "The number of my order: {value}.", "{value} is the order that I write about.",
                   "My order is {value}.", "The order number is {value}.", "Order {value}.", "It is about order {value}.", "Order: {value}.",
                   "Order number: {value}.", "{value} is [my order|the order number].", "[I|We] write about order {value}.", "order = {value}",
                   "Please [check|look at] order {value}.", "[I have a|A] question about order {value}.", "Order {value} is [late|not here|mine].",
                   "My order number is {value}.", "{value} is the number of my order.", "We have a question about order {value}.", "Order - {value}."],
               ko=["고객의 주문 번호: {value}.", "{value}(은/는) 제 주문입니다.", "주문 {value} 때문에 묻습니다.",
                   "주문 번호는 {value}입니다.", "주문은 {value}입니다.", "주문: {value}.", "주문 {value} 때문에 씁니다.", "[제|저희|고객의] 주문은 {value}입니다.", "주문 번호: {value}.",
                   "{value}(이/가) [제|고객의] 주문 번호입니다.", "주문 - {value}.", "주문 = {value}", "주문 {value}(을/를) [확인해|봐|찾아] 주세요.",
                   "주문 {value}에 대해 [씁니다|묻습니다|질문이 있습니다].", "{value}번 주문입니다.", "주문 번호 - {value}.", "제 주문 번호는 {value}입니다.", "주문 {value} 때문에 질문이 있습니다.",
                   "{value}(은/는) 고객의 주문 번호입니다."])),
    Field("thing", dict(en=["item", "product"], ko=["물건", "제품"]),
          dict(en=["The {value} is what we [need|want].", "My product is the {value}.", "The {value} is the item of the customer.",
                   "I want the {value}.", "I bought the {value}.", "Item: {value}.", "It is about the {value}.", "[Product|Item] - {value}.",
                   "The [item|product] is [the|a] {value}.", "The {value} is [the item|the product|what I want|what I bought].",
                   "The customer [wants|bought|needs] [a|the] {value}.", "item = {value}.", "[We want|We need|I need] a {value}.",
                   "[Please send|Send] me [a|the] {value}.", "I [have a question|write] about the {value}.", "Product: {value}.", "We bought the {value}.",
                   "My item is the {value}.", "The {value} is what the customer wants."],
               ko=["{value}(은/는) 제가 산 물건입니다.", "저희는 {value}에 대해 묻습니다.", "원하는 제품: {value}.",
                   "{value}(을/를) 원합니다.", "{value}(을/를) 샀습니다.", "물건: {value}.", "{value}에 대한 것입니다.", "[저는|고객은|저희는] {value}(을/를) [원합니다|샀습니다|찾습니다].",
                   "[물건은|제품은] {value}입니다.", "{value}(이/가) [필요합니다|갖고 싶은 물건입니다].", "제품: {value}.", "[물건|제품] = {value}.", "{value}(을/를) [보내|찾아] 주세요.",
                   "[제가|고객이] [산|원하는] [물건은|제품은] {value}입니다.", "{value}에 대해 [묻습니다|질문이 있습니다].", "제품 - {value}.", "{value}(이/가) 고객이 원하는 물건입니다.",
                   "저는 {value}(이/가) 필요합니다.", "{value}에 대한 질문이 있습니다."])),
    Field("number", dict(en=["quantity", "count"], ko=["수량"]),
          dict(en=["{value} is how many I need.", "{value} pieces is what we need.", "The number of pieces is {value}.",
                   "I need {value} of them.", "The quantity is {value}.", "Quantity: {value}.", "There are {value} of them.",
                   "[Count|Number of pieces]: {value}.", "{value} [pieces|of them], please.", "{value} is the [quantity|count].",
                   "The customer [wants|needs] {value} [pieces|of them].", "quantity = {value}", "[I want|We need|We want] {value} pieces.",
                   "[Please send|Send] {value} [pieces|of them].", "[It is|That makes] {value} pieces[| in all].", "The count is {value}.",
                   "There are {value} pieces.", "Quantity - {value}.", "We want {value} of them[| in all]."],
               ko=["{value}개를 고객이 원합니다.", "수 - {value}[|개].", "고객의 수량은 {value}개입니다.",
                   "{value}개가 필요합니다.", "수량은 {value}개입니다.", "수량: {value}.", "모두 {value}개입니다.", "[저는|고객은|저희는] {value}개가 필요합니다.",
                   "{value}개를 [보내 주세요|원합니다|샀습니다].", "수량 - {value}[|개].", "수량 = {value}", "[개수는|수는] {value}개입니다.", "[모두|다 합쳐] {value}개를 [원합니다|주문합니다].",
                   "{value}개가 [수량입니다|있습니다].", "개수: {value}[|개].", "모두 {value}개가 필요합니다.", "고객은 {value}개를 원합니다.", "개수 - {value}.", "저희는 모두 {value}개를 주문합니다."])),
    Field("day", dict(en=["day", "date"], ko=["요일"]),
          dict(en=["{value} is when I can come.", "{value} should be the day.", "The date is {value}.",
                   "Please come on {value}.", "The day is {value}.", "Day: {value}.", "It should be {value}.", "On {value}[|, please].",
                   "[We meet|I come|I can come] on {value}.", "{value} is [the day|fine|good for me].", "The customer [comes|can come] on {value}.",
                   "day = {value}.", "[Date|Day] - {value}.", "I hope you [can come|are here] on {value}.", "[It is on|The date should be] {value}.",
                   "Please meet me on {value}.", "{value} is the date.", "We can come on {value}.", "Date: {value}."],
               ko=["{value}(이/가) 오는 날입니다.", "만남은 {value}이면 좋습니다.", "고객은 {value}이면 좋습니다.",
                   "{value}에 와 주세요.", "{value}에 만납시다.", "요일: {value}.", "{value}이면 좋겠습니다.", "[저는|고객은|저희는] {value}에 [갑니다|올 수 있습니다|갈 수 있습니다].",
                   "요일은 {value}입니다.", "{value}(이/가) [좋습니다|좋은 요일입니다].", "[요일|날] - {value}.", "요일 = {value}.", "{value}에 [보내 주세요|만나고 싶습니다|뵙겠습니다].",
                   "[오는|만나는] [날은|요일은] {value}입니다.", "[약속은|만남은] {value}입니다.", "날: {value}.", "{value}에 갈 수 있습니다.", "{value}(이/가) 만나는 요일입니다.",
                   "약속은 {value}이면 좋겠습니다."])),
]
EXTRACT = {
    "en": ["Extract {fields} as JSON[.|:]\n{text}", "{text}\n[Extract|Return|Give] {fields} as JSON.", "Text: {text}\nJSON with {fields}:",
           "[Give|Return|Write] [a|the] JSON [object |]with {fields}[.|:]\n{text}", "Message: {text}\n[Extract|Pull out] {fields} as JSON.",
           "[Text|Message|Note]:[ |\n]{text}\n[JSON|Fields] ({fields}):", "[Fields|Keys]: {fields}\n[Text|Message]:[ |\n]{text}[|\nJSON:]",
           "[Extract|Find|Return] [the fields |]{fields} from the [text|message] as JSON[.|:]\n{text}", "{text}\n[As JSON|JSON] with {fields}[.|:]",
           "Text: {text}\nExtract {fields} as JSON.", "Return JSON with {fields}.\nText: {text}"],
    "ko": ["{fields}(을/를) JSON으로 [뽑으세요|쓰세요][.|:]\n{text}", "{text}\n{fields}(을/를) JSON으로 [뽑으세요|쓰세요].", "글: {text}\nJSON ({fields}):",
           "[다음 글에서|글에서] {fields}(을/를) JSON으로 뽑으세요[.|:]\n{text}", "메시지: {text}\n{fields}(을/를) JSON으로 뽑으세요.",
           "[글|메시지|메모]:[ |\n]{text}\n[JSON|항목] ({fields}):", "[항목|키]: {fields}\n[글|메시지]:[ |\n]{text}[|\nJSON:]",
           "[글에서|메시지에서] {fields}(을/를) 찾아 JSON으로 쓰세요[.|:]\n{text}", "{text}\n[JSON으로|JSON]: {fields}",
           "글: {text}\n{fields}(을/를) JSON으로 쓰세요.", "{fields}의 JSON을 쓰세요.\n글: {text}"],
}


def field_value(writer: Writer, kind: str) -> str | int:
    match kind:
        case "age": return writer.between(18, 89)
        case "full_name": return writer.full_name()
        case "number": return writer.between(2, 99)
        case _: return slot_value(writer, kind)


def extract_json(writer: Writer) -> Turns:
    told = writer.rng.sample(FIELDS, 2 if writer.easy() else writer.between(2, 5))
    values = [field_value(writer, field.value) for field in told]
    text = " ".join(writer.tell(field.told[writer.language], value=value) for field, value in zip(told, values, strict=True))
    chosen = writer.rng.sample(range(len(told)), writer.between(2, min(4, len(told))))
    answer = {writer.rng.choice(told[place].key[writer.language]): values[place] for place in chosen}
    return [(writer.instruct(EXTRACT, fields=", ".join(answer), text=text), json.dumps(answer, ensure_ascii=False))]
