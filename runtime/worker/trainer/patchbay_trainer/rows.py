"""Rows of a dataset as tokens. Conversations are written by the model's own chat template: only what the assistant says is learned."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .job import Job, JobError

NOT_SCORED = -100


@dataclass
class Row:
    tokens: list[int]
    targets: list[int]
    """Each token itself where it is to be learned, else NOT_SCORED; shifted where they are scored."""

    @property
    def size(self) -> int:
        return len(self.tokens)

    @property
    def longest(self) -> int:
        return len(self.tokens)


@dataclass
class Pair:
    """Two answers to one prompt; in each only the answer is scored."""

    chosen: Row
    rejected: Row

    @property
    def size(self) -> int:
        return self.chosen.size + self.rejected.size

    @property
    def longest(self) -> int:
        return max(self.chosen.size, self.rejected.size)


def messages_of(row: Any) -> list[dict[str, str]]:
    """The forms of a row are TRL's: a conversation, or a prompt and its completion (texts or messages)."""
    if isinstance(row, dict) and isinstance(row.get("messages"), list):
        messages = row["messages"]
    elif isinstance(row, dict) and "prompt" in row and "completion" in row:
        messages = as_messages(row["prompt"], "user") + as_messages(row["completion"], "assistant")
    else:
        raise ValueError('it has neither "messages" nor "prompt" and "completion"')
    return checked(messages)


def checked(messages: list[Any]) -> list[dict[str, str]]:
    for message in messages:
        if not isinstance(message, dict) or not isinstance(message.get("role"), str) or not isinstance(message.get("content"), str):
            raise ValueError("a message is an object with the texts role and content")
    if not any(message["role"] == "assistant" for message in messages):
        raise ValueError("no message is the assistant's, so there is nothing to learn")
    return messages


def as_messages(value: Any, role: str) -> list[Any]:
    return value if isinstance(value, list) else [{"role": role, "content": value}]


def encode_row(tokenizer: Any, messages: list[dict[str, str]], first: int = 0) -> Row:
    """Prompts are tokenised as they will be when the model is asked, so a token never spans prompt and answer.

    What the assistant says from the message `first` on is learned.
    """

    def written(upto: int, asks: bool) -> str:
        return tokenizer.apply_chat_template(messages[:upto], tokenize=False, add_generation_prompt=asks)

    row = Row([], [])
    done = ""
    for place, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        prompt, answered = written(place, True), written(place + 1, False)
        if not prompt.startswith(done) or not answered.startswith(prompt):
            raise ValueError("the chat template writes earlier turns differently once later ones follow")
        answered = answered.rstrip() if answered.rstrip().endswith(tokenizer.eos_token) else answered
        for text, learned in ((prompt[len(done):], False), (answered[len(prompt):], True)):
            tokens = tokenizer.encode(text, add_special_tokens=False)
            row.tokens += tokens
            row.targets += tokens if learned and place >= first else [NOT_SCORED] * len(tokens)
        done = answered
    return row


def encode_pair(tokenizer: Any, row: Any) -> Pair:
    """The form of a row is TRL's, with the prompt said."""
    if not isinstance(row, dict) or not {"prompt", "chosen", "rejected"} <= set(row):
        raise ValueError('it has not all of "prompt", "chosen" and "rejected"')
    prompt = as_messages(row["prompt"], "user")
    pair = Pair(*(encode_row(tokenizer, checked(prompt + as_messages(row[name], "assistant")), len(prompt)) for name in ("chosen", "rejected")))
    if any(all(target == NOT_SCORED for target in one.targets) for one in (pair.chosen, pair.rejected)):
        raise ValueError("an answer has no message of the assistant, so there is nothing to prefer")
    if pair.chosen.tokens == pair.rejected.tokens:
        raise ValueError("its two answers are the same, so there is nothing to prefer")
    return pair


def encode_text(tokenizer: Any, row: Any, longest: int) -> Row:
    """A text with the model's sign of the end behind it, cut to the longest that a row may be."""
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not row["text"].strip():
        raise ValueError('it has no "text", or an empty one')
    tokens = [*tokenizer.encode(row["text"]), tokenizer.eos_token_id][:longest]
    return Row(tokens, list(tokens))


def encode(tokenizer: Any, row: Any, job: Job) -> Row | Pair:
    if job.method == "pretrain":
        return encode_text(tokenizer, row, job.longest)
    made = encode_pair(tokenizer, row) if job.method == "dpo" else encode_row(tokenizer, messages_of(row))
    if made.longest > job.longest:
        raise ValueError(f"it has {made.longest} tokens, over {job.longest}: shorten it or raise longest")
    return made


def read_rows(file: Path, tokenizer: Any, job: Job, name: str = "data") -> list[Row | Pair]:
    rows = []
    with open(file, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                rows.append(encode(tokenizer, json.loads(line), job))
            except ValueError as problem:
                raise JobError("bad-data", f"Row {number} of the {name}: {problem}.") from problem
    if not rows:
        raise JobError("bad-data", f"The {name} has no rows.")
    return rows


def collate(rows: list[Row], padding: int, device: str) -> dict[str, torch.Tensor]:
    longest = max(len(row.tokens) for row in rows)

    def padded(values: list[list[int]], fill: int) -> torch.Tensor:
        return torch.tensor([value + [fill] * (longest - len(value)) for value in values], device=device)

    return {"input_ids": padded([row.tokens for row in rows], padding), "labels": padded([row.targets for row in rows], NOT_SCORED),
            "attention_mask": padded([[1] * len(row.tokens) for row in rows], 0)}
