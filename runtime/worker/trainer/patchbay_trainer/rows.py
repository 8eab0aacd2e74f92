"""Rows of a dataset as tokens, by the model's own chat template: only what the assistant says is learned."""
from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from .job import JobError

NOT_SCORED = -100


@dataclass
class Row:
    tokens: list[int]
    targets: list[int]
    """Each token itself where it is to be learned, else NOT_SCORED; the model shifts them."""


def messages_of(row: Any) -> list[dict[str, str]]:
    """The forms of a row are TRL's: a conversation, or a prompt and its completion (texts or messages)."""
    if isinstance(row, dict) and isinstance(row.get("messages"), list):
        messages = row["messages"]
    elif isinstance(row, dict) and "prompt" in row and "completion" in row:
        messages = as_messages(row["prompt"], "user") + as_messages(row["completion"], "assistant")
    else:
        raise ValueError('it has neither "messages" nor "prompt" and "completion"')
    for message in messages:
        if not isinstance(message, dict) or not isinstance(message.get("role"), str) or not isinstance(message.get("content"), str):
            raise ValueError("a message is an object with the texts role and content")
    if not any(message["role"] == "assistant" for message in messages):
        raise ValueError("no message is the assistant's, so there is nothing to learn")
    return messages


def as_messages(value: Any, role: str) -> list[Any]:
    return value if isinstance(value, list) else [{"role": role, "content": value}]


def encode_row(tokenizer: Any, messages: list[dict[str, str]]) -> Row:
    """Prompts are tokenised as they will be when the model is asked, so a token never spans prompt and answer."""

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
            row.targets += tokens if learned else [NOT_SCORED] * len(tokens)
        done = answered
    return row


def read_rows(file: Path, tokenizer: Any, longest: int) -> list[Row]:
    rows = []
    with open(file, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = encode_row(tokenizer, messages_of(json.loads(line)))
                if len(row.tokens) > longest:
                    raise ValueError(f"it has {len(row.tokens)} tokens, over {longest}: shorten it or raise longest")
            except ValueError as problem:
                raise JobError("bad-data", f"Row {number} of the data: {problem}.") from problem
            rows.append(row)
    if not rows:
        raise JobError("bad-data", "The data has no rows.")
    return rows


def collate(rows: list[Row], padding: int, device: str) -> dict[str, torch.Tensor]:
    longest = max(len(row.tokens) for row in rows)

    def padded(values: list[list[int]], fill: int) -> torch.Tensor:
        return torch.tensor([value + [fill] * (longest - len(value)) for value in values], device=device)

    return {"input_ids": padded([row.tokens for row in rows], padding), "labels": padded([row.targets for row in rows], NOT_SCORED),
            "attention_mask": padded([[1] * len(row.tokens) for row in rows], 0)}
