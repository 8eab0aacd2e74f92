"""What is made small: the loss of answers and texts, token by token, or that of preferences."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.nn.functional import cross_entropy, logsigmoid

from .job import Job
from .rows import NOT_SCORED, Pair, Row, collate


@dataclass
class Measured:
    """Of a batch, summed; divided by the weights of all batches it is a mean."""

    loss: torch.Tensor
    metrics: dict[str, torch.Tensor] = field(default_factory=dict)


def computes_in(job: Job) -> torch.dtype:
    if job.precision == "auto":
        return torch.bfloat16 if job.device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False) else torch.float32
    return torch.bfloat16 if job.precision == "bfloat16" else torch.float32


def precision(job: Job) -> AbstractContextManager:
    return torch.autocast(job.device, dtype=torch.bfloat16, enabled=computes_in(job) == torch.bfloat16)


def log_probabilities(network: Any, rows: Sequence[Row], job: Job, padding: int) -> torch.Tensor:
    """Of what is scored in each row, in float32: one number a row."""
    batch = collate(rows, padding, job.device)
    labels = batch.pop("labels")[:, 1:]
    with precision(job):
        logits = network(**batch, use_cache=False).logits[:, :-1]
    return -cross_entropy(logits.float().transpose(1, 2), labels, ignore_index=NOT_SCORED, reduction="none").sum(1)


def measure_answers(network: Any, rows: Sequence[Row], job: Job, padding: int) -> Measured:
    return Measured(-log_probabilities(network, rows, job, padding).sum())


def measure_preferences(network: Any, pairs: Sequence[Pair], job: Job, padding: int) -> Measured:
    """Direct Preference Optimization (Rafailov et al. 2023, arXiv:2305.18290), equation 7.

    The loss of a pair is -log sigmoid(beta * ((log p(chosen) - log r(chosen)) - (log p(rejected) - log r(rejected)))): p is the
    network with its adapter, r the reference, the same network without it. The margin is what the sigmoid is taken of, the
    difference of the implicit rewards; the pair is right where it is above 0.
    """
    rows = [*(pair.chosen for pair in pairs), *(pair.rejected for pair in pairs)]
    training = network.training
    network.eval()
    with torch.no_grad(), network.disable_adapter():
        reference = log_probabilities(network, rows, job, padding)
    network.train(training)
    chosen, rejected = (log_probabilities(network, rows, job, padding) - reference).chunk(2)
    margins = job.beta * (chosen - rejected)
    return Measured(-logsigmoid(margins).sum(), {"accuracy": (margins > 0).float().sum(), "margin": margins.detach().sum()})


def measure(network: Any, rows: Sequence[Any], job: Job, padding: int) -> Measured:
    return (measure_preferences if job.method == "dpo" else measure_answers)(network, rows, job, padding)


def weight_of(rows: Sequence[Any], job: Job) -> int:
    """What a mean is over: pairs, or each token that is scored, so a long answer counts more than a short one."""
    return len(rows) if job.method == "dpo" else sum(target != NOT_SCORED for row in rows for target in row.targets[1:])


def evaluate(network: Any, rows: Sequence[Any], job: Job, padding: int, asked_to_stop: Callable[[], bool]) -> dict[str, float] | None:
    """The means over rows that are not learned; None if it was asked to stop. It draws nothing, so training is the same without it."""
    sums: dict[str, float] = {"loss": 0.0}
    network.eval()
    with torch.no_grad():
        for start in range(0, len(rows), job.batch):
            if asked_to_stop():
                network.train()
                return None
            measured = measure(network, rows[start : start + job.batch], job, padding)
            for name, value in {"loss": measured.loss, **measured.metrics}.items():
                sums[name] = sums.get(name, 0.0) + value.item()
    network.train()
    return {name: value / weight_of(rows, job) for name, value in sums.items()}
