"""Text out of tokens, piece by piece: whole characters only, and nothing that may still become a stop sequence."""
from __future__ import annotations

from typing import Any


class TokenText:
    """Turns tokens into text as they come. A token may hold half a character; it is told when the other half is there."""

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.tokens: list[int] = []
        self.start = 0  # from here on tokens are decoded: one token's text depends on those just before it
        self.told = 0  # up to here they have been told

    def decode(self, until: int | None = None) -> str:
        return self.tokenizer.decode(self.tokens[self.start : until], skip_special_tokens=True, clean_up_tokenization_spaces=False)

    def add(self, token: int) -> str:
        self.tokens.append(token)
        text = self.decode()
        return "" if text.endswith("\ufffd") else self._tell(text)

    def rest(self) -> str:
        return self._tell(self.decode())

    def _tell(self, text: str) -> str:
        new = text[len(self.decode(self.told)) :]
        self.start, self.told = self.told, len(self.tokens)
        return new


class StopText:
    """Cuts text before the first stop sequence, and holds back what may be the beginning of one."""

    def __init__(self, stops: list[str]) -> None:
        self.stops = stops
        self.held = ""
        self.stopped = False

    def add(self, text: str) -> str:
        text = self.held + text
        found = [at for stop in self.stops if (at := text.find(stop)) >= 0]
        if found:
            self.stopped, self.held = True, ""
            return text[: min(found)]
        kept = max((self._beginning(text, stop) for stop in self.stops), default=0)
        self.held = text[len(text) - kept :]
        return text[: len(text) - kept]

    def rest(self) -> str:
        text, self.held = self.held, ""
        return text

    @staticmethod
    def _beginning(text: str, stop: str) -> int:
        """How many characters at the text's end are the beginning of the stop sequence."""
        return next((n for n in range(min(len(stop) - 1, len(text)), 0, -1) if text.endswith(stop[:n])), 0)
