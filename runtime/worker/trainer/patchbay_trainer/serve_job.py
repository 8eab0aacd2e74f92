"""One generation on its way from the web to the decoder and back."""
from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

import torch

from .serve_text import StopText, TokenText

Finish = Literal["stop", "length"]


@dataclass(frozen=True)
class Draw:
    """How the next token is chosen. Temperature 0 takes the likeliest."""

    temperature: float = 1.0
    top_p: float = 1.0
    seed: int | None = None


@dataclass(frozen=True)
class Asked:
    model: str
    prompt: list[int]
    longest: int
    draw: Draw = field(default_factory=Draw)
    stops: list[str] = field(default_factory=list)


class Job:
    """Pieces of text come out of `pieces`: ("text", str), then ("end", Finish) or ("error", Exception)."""

    def __init__(self, asked: Asked, tokenizer: Any, loop: asyncio.AbstractEventLoop) -> None:
        self.asked, self.loop = asked, loop
        self.pieces: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.made = 0
        self.cancelled = False  # set by the web's thread, read by the decoder's between two steps
        self.text, self.stop = TokenText(tokenizer), StopText(asked.stops)
        self.generator = torch.Generator()
        if asked.draw.seed is None:
            self.generator.seed()
        else:
            self.generator.manual_seed(asked.draw.seed % 2**63)

    def put(self, kind: str, value: Any) -> None:
        """From any thread. A loop that is closed already has nobody who waits."""
        try:
            self.loop.call_soon_threadsafe(self.pieces.put_nowait, (kind, value))
        except RuntimeError:
            self.cancelled = True

    def take(self, token: int, ends: frozenset[int]) -> bool:
        """Takes the next token; true when it was the last one. The end token is neither told nor counted."""
        if token in ends:
            return self._finish("stop")
        self.made += 1
        self._tell(self.text.add(token))
        if self.stop.stopped:
            return self._end("stop")
        return self.made >= self.asked.longest and self._finish("length")

    def _tell(self, text: str) -> None:
        if passed := self.stop.add(text):
            self.put("text", passed)

    def _finish(self, finish: Finish) -> bool:
        self._tell(self.text.rest())
        if self.stop.stopped:
            return self._end("stop")
        if held := self.stop.rest():
            self.put("text", held)
        return self._end(finish)

    def _end(self, finish: Finish) -> bool:
        self.put("end", finish)
        return True
