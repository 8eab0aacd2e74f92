"""The shared step: several generations in one forward pass, padded on the left, over one KV cache."""
from __future__ import annotations

import inspect
from functools import cache
from typing import Any

import torch
from transformers import DynamicCache

from .serve_job import Draw, Job


COLDEST = 1e-5
"""Below this temperature the likeliest token is the answer: a division by so little leaves nothing that can be drawn from."""


def draw_tokens(logits: torch.Tensor, jobs: list[Job]) -> list[int]:
    """One token a row. Each job draws with a generator of its own, so what it draws does not depend on its neighbours."""
    likeliest = logits.argmax(-1).tolist()
    return [best if job.asked.draw.temperature < COLDEST else draw_one(row, job.asked.draw, job.generator)
            for row, best, job in zip(logits, likeliest, jobs, strict=True)]


def draw_one(logits: torch.Tensor, draw: Draw, generator: torch.Generator) -> int:
    logits = logits.float().cpu()
    shares = ((logits - logits.max()) / draw.temperature).softmax(-1)
    if draw.top_p < 1:
        sorted_shares, order = shares.sort(descending=True)
        # The first one that crosses top_p stays: before it the sum is still below.
        beyond = sorted_shares.cumsum(-1) - sorted_shares >= draw.top_p
        beyond[0] = False
        sorted_shares[beyond] = 0
        shares = torch.zeros_like(shares).scatter(-1, order, sorted_shares)
    return int(torch.multinomial(shares, 1, generator=generator))


class Batch:
    """Rows that decode together. `mask` has a one for every place of the cache that holds a token."""

    def __init__(self, jobs: list[Job], tokens: list[int], mask: torch.Tensor, cache: DynamicCache) -> None:
        self.jobs, self.tokens, self.mask, self.cache = jobs, tokens, mask, cache

    def keep(self, rows: list[int]) -> None:
        """Leaves only these rows, and cuts off the columns that are padding in all of them."""
        index = torch.tensor(rows, device=self.mask.device)
        mask = self.mask.index_select(0, index)
        first = int(mask.any(0).int().argmax())
        for layer in self.cache.layers:
            layer.keys = layer.keys.index_select(0, index)[:, :, first:]
            layer.values = layer.values.index_select(0, index)[:, :, first:]
        self.mask = mask[:, first:]
        self.jobs, self.tokens = [self.jobs[row] for row in rows], [self.tokens[row] for row in rows]

    def join(self, other: Batch) -> None:
        """Takes the rows of another batch in."""
        length = max(self.mask.shape[1], other.mask.shape[1])

        def wide(one: torch.Tensor, dim: int) -> torch.Tensor:
            missing = length - one.shape[dim]
            shape = list(one.shape)
            shape[dim] = missing
            return torch.cat([one.new_zeros(shape), one], dim) if missing else one

        for mine, theirs in zip(self.cache.layers, other.cache.layers, strict=True):
            mine.keys = torch.cat([wide(mine.keys, 2), wide(theirs.keys, 2)])
            mine.values = torch.cat([wide(mine.values, 2), wide(theirs.values, 2)])
        self.mask = torch.cat([wide(self.mask, 1), wide(other.mask, 1)])
        self.jobs += other.jobs
        self.tokens += other.tokens

    def step(self, network: Any) -> list[int]:
        """The next token of every row."""
        self.mask = torch.cat([self.mask, self.mask.new_ones(len(self.jobs), 1)], 1)
        ids = torch.tensor(self.tokens, device=self.mask.device)[:, None]
        self.tokens = draw_tokens(forward(network, ids, self.mask, self.cache), self.jobs)
        return self.tokens


class Prefill:
    """Prompts on their way into a cache: several short ones at once, or a long one piece by piece, so that others go on meanwhile."""

    def __init__(self, jobs: list[Job], device: torch.device, budget: int) -> None:
        self.jobs, self.budget, self.done = jobs, budget, 0
        longest = max(len(job.asked.prompt) for job in jobs)
        pad = [longest - len(job.asked.prompt) for job in jobs]
        self.ids = torch.tensor([[0] * n + job.asked.prompt for n, job in zip(pad, jobs, strict=True)], device=device)
        self.mask = torch.tensor([[0] * n + [1] * (longest - n) for n in pad], device=device)
        self.cache = DynamicCache()

    def step(self, network: Any) -> Batch | None:
        """Reads on; the batch with its first tokens when all is read."""
        until = self.ids.shape[1] if len(self.jobs) > 1 else min(self.ids.shape[1], self.done + self.budget)
        logits = forward(network, self.ids[:, self.done : until], self.mask[:, :until], self.cache)
        self.done = until
        return Batch(self.jobs, draw_tokens(logits, self.jobs), self.mask, self.cache) if until == self.ids.shape[1] else None


@cache
def keeps_logits(kind: type) -> bool:
    """Whether the network can leave out the logits of all places but the last, as nearly all can."""
    return "logits_to_keep" in inspect.signature(kind.forward).parameters


def forward(network: Any, ids: torch.Tensor, mask: torch.Tensor, past: DynamicCache) -> torch.Tensor:
    """The logits after the last column."""
    positions = (mask.cumsum(-1) - 1).clamp(min=0)[:, -ids.shape[1] :]
    last = {"logits_to_keep": 1} if keeps_logits(type(network)) else {}
    return network(input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=past, use_cache=True, **last).logits[:, -1]
