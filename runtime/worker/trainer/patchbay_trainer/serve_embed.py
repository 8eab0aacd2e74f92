"""Embeddings: the mean of the last hidden states over an input's tokens, at length 1.

A model that was trained for chat is no match for one that was trained for embeddings; the numbers are real, and fit for a demo.
"""
from __future__ import annotations

from typing import Any

import torch


def embed(network: Any, inputs: list[list[int]], device: torch.device) -> list[list[float]]:
    """One vector an input. Padding stands on the right, where no token of a decoder can see it."""
    longest = max(len(tokens) for tokens in inputs)
    ids = torch.tensor([tokens + [0] * (longest - len(tokens)) for tokens in inputs], device=device)
    mask = torch.tensor([[1] * len(tokens) + [0] * (longest - len(tokens)) for tokens in inputs], device=device)
    hidden = network.get_decoder()(input_ids=ids, attention_mask=mask, use_cache=False).last_hidden_state.float()
    mean = (hidden * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    return torch.nn.functional.normalize(mean, dim=-1).tolist()
