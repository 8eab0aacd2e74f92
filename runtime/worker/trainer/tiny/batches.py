"""Turns examples into packed rows of tokens: several examples a row, answers marked as targets."""
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import Tensor

from .copying import Turns
from .tasks import chat_prompt, draw_example

NOT_SCORED = -100
WAITING = 10
"""Documents held ready per row: enough to fill rows to about 97 %."""


@dataclass
class Document:
    tokens: list[int]
    targets: list[int]
    """The token that should follow each one, or NOT_SCORED."""
    weights: list[float]


@dataclass
class Batch:
    tokens: Tensor
    positions: Tensor
    documents: Tensor
    targets: Tensor
    weights: Tensor
    used: int
    """Tokens that are not padding."""


def write_document(encode: Callable[[str], list[int]], turns: Turns, longest: int) -> Document | None:
    """Later turns are dropped when they do not fit; None when the first one does not.

    A token of an answer of n tokens weighs 1/√n, so that labels are not drowned by copies.
    """
    document = Document([], [], [])
    for place, (question, answer) in enumerate(turns):
        prompt = encode(("\n" if place else "") + chat_prompt(question))
        reply = encode(answer + "<|im_end|>")
        if len(document.tokens) + len(prompt) + len(reply) > longest:
            break
        document.tokens += prompt + reply
        document.targets += [NOT_SCORED] * (len(prompt) - 1) + reply + [NOT_SCORED]
        document.weights += [len(reply) ** -0.5] * (len(prompt) + len(reply))
    return document if document.tokens else None


class PackedBatches:
    """An endless source of batches of one fixed shape, so that torch.compile compiles once."""

    def __init__(self, tokenizer, rows: int, length: int, seed: int):
        self.encode = lambda text: tokenizer.encode(text, add_special_tokens=False).ids
        self.rows, self.length = rows, length
        self.rng = random.Random(seed)
        self.waiting: list[Document] = []

    def state(self) -> dict[str, Any]:
        """All that decides the batches to come, as plain values: documents drawn and not yet used are part of it."""
        return {"rng": self.rng.getstate(), "waiting": [asdict(document) for document in self.waiting]}

    def restore(self, state: dict[str, Any]) -> None:
        self.rng.setstate(state["rng"])
        self.waiting = [Document(**document) for document in state["waiting"]]

    def refill(self, progress: float) -> None:
        while len(self.waiting) < WAITING * self.rows:
            document = write_document(self.encode, draw_example(self.rng, progress), self.length)
            if document:
                self.waiting.append(document)

    def take_row(self) -> list[Document]:
        row: list[Document] = []
        left: list[Document] = []
        room = self.length
        for document in self.waiting:
            if len(document.tokens) <= room:
                row.append(document)
                room -= len(document.tokens)
            else:
                left.append(document)
        self.waiting = left
        return row

    def next(self, progress: float) -> Batch:
        self.refill(progress)
        shape = (self.rows, self.length)
        whole = lambda: torch.zeros(shape, dtype=torch.long)  # noqa: E731
        batch = Batch(whole(), whole(), whole(), torch.full(shape, NOT_SCORED), torch.ones(shape), 0)
        for row in range(self.rows):
            start = 0
            for number, document in enumerate(self.take_row(), 1):
                place = slice(start, start + len(document.tokens))
                batch.tokens[row, place] = torch.tensor(document.tokens)
                batch.positions[row, place] = torch.arange(len(document.tokens))
                batch.documents[row, place] = number
                batch.targets[row, place] = torch.tensor(document.targets)
                batch.weights[row, place] = torch.tensor(document.weights)
                start = place.stop
            batch.used += start
        return batch
