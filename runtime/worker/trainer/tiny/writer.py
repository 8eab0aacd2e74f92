"""Draws words and fills templates for one example, from one split of one language."""
from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from .words import CODAS, KOREAN_SYLLABLES, LISTS, ONSETS, VOWELS, belongs_to

ALTERNATIVES = re.compile(r"\[([^\[\]]*)\]")
PARTICLE = re.compile(r"(?<=(.))\((은/는|이/가|을/를|과/와|으로/로)\)")


def ends_closed(word: str) -> bool:
    """Whether a Korean reader ends this word on a consonant, which decides the particle after it."""
    last = word[-1]
    if "가" <= last <= "힣":
        return (ord(last) - ord("가")) % 28 != 0
    return last in "013678lmnrLMNR"


def settle_particles(text: str) -> str:
    """Replaces each "(은/는)" by the form that fits the character before it. After ㄹ it is 로, not 으로."""

    def choose(match: re.Match[str]) -> str:
        closed, open_ = match.group(2).split("/")
        last = match.group(1)
        after_rieul = "가" <= last <= "힣" and (ord(last) - ord("가")) % 28 == 8
        if closed == "으로" and after_rieul:
            return open_
        return closed if ends_closed(last) else open_

    return PARTICLE.sub(choose, text)


def part_of(options: Sequence[str], split: str, kept: int) -> Sequence[str]:
    """The training part of a list, or its last `kept` entries, which no training example uses."""
    return options[-kept:] if split == "held_out" else options[:-kept]


class Writer:
    """`split` decides the open words and the content sentences, `instructions` the wordings of what is asked."""

    def __init__(self, rng: random.Random, language: str, split: str, instructions: str | None = None, ease: float = 0.0):
        self.rng, self.language, self.split = rng, language, split
        self.instructions = instructions or split
        self.ease = ease
        """How often a task may take its easy form: 1 at the start of training, 0 later and in evaluation."""

    def instruct(self, wordings: dict[str, list[str]], **slots: object) -> str:
        """Fills one wording of an instruction. The last two of every list are kept for evaluation."""
        return self.fill(self.rng.choice(part_of(wordings[self.language], self.instructions, 2)), **slots)

    def tell(self, sentences: Sequence[str], **slots: object) -> str:
        """Fills one content sentence. The last quarter of every list (at least one) is kept for evaluation."""
        return self.fill(self.rng.choice(part_of(sentences, self.split, max(1, len(sentences) // 4))), **slots)

    def fill(self, pattern: str, /, **slots: object) -> str:
        text = ALTERNATIVES.sub(lambda match: self.rng.choice(match.group(1).split("|")), pattern)
        for name, value in slots.items():
            text = text.replace("{" + name + "}", str(value))
        return settle_particles(text) if self.language == "ko" else text

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def easy(self) -> bool:
        return self.chance(self.ease)

    def between(self, low: int, high: int) -> int:
        return self.rng.randint(low, high)

    def from_list(self, kind: str) -> str:
        return self.rng.choice(LISTS[kind][self.language])

    def of_this_split(self, make: Callable[[], str]) -> str:
        while True:
            word = make()
            if belongs_to(word) == self.split:
                return word

    def invented(self) -> str:
        return self.of_this_split(self.korean_word if self.language == "ko" else self.english_word)

    def english_word(self) -> str:
        choice = self.rng.choice
        return "".join(choice(ONSETS) + choice(VOWELS) + choice(CODAS) for _ in range(choice([1, 2, 2, 2, 3])))

    def korean_word(self) -> str:
        return "".join(self.rng.choice(KOREAN_SYLLABLES) for _ in range(self.rng.choice([2, 2, 3])))

    def name(self) -> str:
        return self.from_list("names") if self.chance(0.4) else self.invented().capitalize()

    def full_name(self) -> str:
        surname = self.from_list("surnames")
        return surname + self.name() if self.language == "ko" else f"{self.name()} {surname}"

    def city(self) -> str:
        return self.from_list("cities") if self.chance(0.5) else self.invented().capitalize()

    def thing(self) -> str:
        return self.from_list("things") if self.chance(0.7) else self.invented()

    def code(self) -> str:
        letters = "".join(self.rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(self.between(1, 3)))
        return self.of_this_split(lambda: f"{letters}{self.rng.choice(['-', ''])}{self.between(1, 999)}")

    def clock(self) -> str:
        return f"{self.between(1, 12)}:{self.rng.choice(['00', '15', '30', '45'])}"

    def token(self) -> str:
        """Any short thing that can be copied: an invented word most often, else a real one, a code or a number."""
        makers = [self.invented, self.thing, self.name, self.code, lambda: str(self.between(0, 9999)), self.city]
        return self.rng.choices(makers, [8, 3, 3, 3, 3, 2])[0]()

    def distinct(self, make: Callable[[], str], count: int) -> list[str]:
        found: list[str] = []
        while len(found) < count:
            word = make()
            if word not in found:
                found.append(word)
        return found
