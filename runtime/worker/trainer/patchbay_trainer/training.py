"""The loop: steps, checkpoints, and going on from one as if nothing had happened."""
from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from .job import Job, JobError
from .network import load_network, load_tokenizer, save_result, trained
from .rows import NOT_SCORED, Row, collate, read_rows

WARM_UP_SHARE = 0.05
Emit = Callable[..., None]


def learning_rate(highest: float, step: int, steps: int) -> float:
    """Rises over the first twentieth of the steps, then falls linearly, and is never 0."""
    warm_up = max(1, math.ceil(steps * WARM_UP_SHARE))
    return highest * min((step + 1) / warm_up, (steps - step) / max(1, steps - warm_up + 1), 1.0)


def rows_of_step(rows: list[Row], job: Job, step: int) -> list[Row]:
    """The rows of a step: each epoch has an order of its own, by the seed, so a step number is all the position there is."""
    a_step = job.batch * job.accumulate
    epoch, place = divmod(step, math.ceil(len(rows) / a_step))
    order = list(range(len(rows)))
    random.Random(f"{job.seed} {epoch}").shuffle(order)
    return [rows[index] for index in order[place * a_step : (place + 1) * a_step]]


def take_step(network: Any, optimiser: torch.optim.Optimizer, job: Job, rows: list[Row], padding: int) -> float:
    """Gradients of a step's rows, a batch at a time; each answer token of the step weighs the same."""
    scored = sum(target != NOT_SCORED for row in rows for target in row.targets[1:])
    total = 0.0
    optimiser.zero_grad()
    for start in range(0, len(rows), job.batch):
        batch = collate(rows[start : start + job.batch], padding, job.device)
        labels = batch.pop("labels")
        logits = network(**batch).logits[:, :-1].float()
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels[:, 1:].flatten(), ignore_index=NOT_SCORED, reduction="sum") / scored
        loss.backward()
        total += loss.item()
    torch.nn.utils.clip_grad_norm_([parameter for group in optimiser.param_groups for parameter in group["params"]], 1.0)
    optimiser.step()
    return total


def save_checkpoint(file: Path, state: dict[str, Any]) -> None:
    unfinished = file.with_suffix(".tmp")
    with open(unfinished, "wb") as opened:
        torch.save(state, opened)
        opened.flush()
        os.fsync(opened.fileno())
    unfinished.replace(file)


def generators(device: str) -> dict[str, Any]:
    return {"cpu": torch.get_rng_state(), **({"cuda": torch.cuda.get_rng_state()} if device == "cuda" else {})}


def restore(state: dict[str, Any], weights: dict[str, torch.nn.Parameter], optimiser: torch.optim.Optimizer) -> None:
    with torch.no_grad():
        for name, parameter in weights.items():
            parameter.copy_(state["weights"][name])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["generators"]["cpu"])
    if "cuda" in state["generators"]:
        torch.cuda.set_rng_state(state["generators"]["cuda"])


def run_job(job: Job, emit: Emit, asked_to_stop: Callable[[], bool]) -> None:
    torch.set_num_threads(job.threads)
    tokenizer, digest, file = load_tokenizer(job), job.digest(), Path(job.out) / "checkpoint.pt"
    rows = read_rows(Path(job.data), tokenizer, job.longest)
    network = load_network(job)
    weights = trained(network)
    optimiser = torch.optim.AdamW(weights.values(), lr=job.rate, weight_decay=0.0)
    Path(job.out).mkdir(parents=True, exist_ok=True)
    step, loss = 0, None
    steps = job.epochs * math.ceil(len(rows) / (job.batch * job.accumulate))
    if file.exists():
        state = torch.load(file, weights_only=True, map_location="cpu")
        if state["digest"] != digest:
            raise JobError("other-job", f"{file} is the checkpoint of another job, or of other data. Give this one an empty folder.")
        restore(state, weights, optimiser)
        step, loss = state["step"], state["loss"]
    emit("train-start", step=step, steps=steps, rows=len(rows), trained=sum(weight.numel() for weight in weights.values()),
         parameters=sum(parameter.numel() for parameter in network.parameters()))
    padding = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    saved_at = time.monotonic()
    while step < steps:
        stopping = asked_to_stop()
        if stopping or time.monotonic() - saved_at > job.checkpoint_seconds:
            kept = {name: parameter.detach() for name, parameter in weights.items()}
            save_checkpoint(file, {"weights": kept, "optimiser": optimiser.state_dict(), "generators": generators(job.device), "step": step, "loss": loss, "digest": digest})
            saved_at = time.monotonic()
            emit("checkpoint-end", step=step, file=str(file))
        if stopping:
            return emit("train-stop", step=step, steps=steps)
        rate = learning_rate(job.rate, step, steps)
        for group in optimiser.param_groups:
            group["lr"] = rate
        chosen = rows_of_step(rows, job, step)
        loss = take_step(network, optimiser, job, chosen, padding)
        if not math.isfinite(loss):
            raise JobError("loss-not-finite", f"The loss of step {step + 1} is not a number. Lower the rate.")
        step += 1
        emit("step-end", step=step, steps=steps, loss=loss, rate=rate, tokens=sum(len(row.tokens) for row in chosen))
    emit("train-end", step=step, steps=steps, loss=loss, model=str(save_result(job, network)))
