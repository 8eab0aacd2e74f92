"""The loop: steps, checkpoints, and going on from one as if nothing had happened."""
from __future__ import annotations

import math
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from .checkpoint import generators, restore, save_checkpoint
from .job import Job, JobError
from .network import load_network, load_tokenizer, save_result, trained
from .objectives import evaluate, measure, weight_of
from .rows import read_rows

WARM_UP_SHARE = 0.05
Emit = Callable[..., None]


def learning_rate(highest: float, step: int, steps: int) -> float:
    """Rises over the first twentieth of the steps, then falls linearly, and is never 0."""
    warm_up = max(1, math.ceil(steps * WARM_UP_SHARE))
    return highest * min((step + 1) / warm_up, (steps - step) / max(1, steps - warm_up + 1), 1.0)


def rows_of_step(rows: list[Any], job: Job, step: int) -> list[Any]:
    """The rows of a step: each epoch has an order of its own, by the seed, so a step number is all the position there is."""
    a_step = job.batch * job.accumulate
    epoch, place = divmod(step, math.ceil(len(rows) / a_step))
    order = list(range(len(rows)))
    random.Random(f"{job.seed} {epoch}").shuffle(order)
    return [rows[index] for index in order[place * a_step : (place + 1) * a_step]]


def take_step(network: Any, optimiser: torch.optim.Optimizer, job: Job, rows: list[Any], padding: int) -> dict[str, float]:
    """Gradients of a step's rows, a batch at a time; each answer token of the step, or each pair, weighs the same."""
    weight = weight_of(rows, job)
    means: dict[str, float] = {}
    optimiser.zero_grad()
    for start in range(0, len(rows), job.batch):
        measured = measure(network, rows[start : start + job.batch], job, padding)
        (measured.loss / weight).backward()
        for name, value in {"loss": measured.loss.detach(), **measured.metrics}.items():
            means[name] = means.get(name, 0.0) + (value / weight).item()
    torch.nn.utils.clip_grad_norm_([parameter for group in optimiser.param_groups for parameter in group["params"]], 1.0)
    optimiser.step()
    return means


def run_job(job: Job, emit: Emit, asked_to_stop: Callable[[], bool]) -> None:
    if job.device == "cuda" and not torch.cuda.is_available():
        raise JobError("bad-job", "There is no GPU that PyTorch can use here. Take the device cpu, or another machine.")
    torch.set_num_threads(job.threads)
    tokenizer, digest, file = load_tokenizer(job), job.digest(), Path(job.out) / "checkpoint.pt"
    rows = read_rows(Path(job.data), tokenizer, job)
    held = read_rows(Path(job.evaluation), tokenizer, job, "evaluation") if job.evaluation else []
    network = load_network(job)
    weights = trained(network)
    optimiser = torch.optim.AdamW(weights.values(), lr=job.rate, weight_decay=0.0)
    Path(job.out).mkdir(parents=True, exist_ok=True)
    step, evaluated, loss = 0, 0, None
    an_epoch = math.ceil(len(rows) / (job.batch * job.accumulate))
    steps = job.epochs * an_epoch
    if file.exists():
        state = torch.load(file, weights_only=True, map_location="cpu")
        if state["digest"] != digest:
            raise JobError("other-job", f"{file} is the checkpoint of another job, or of other data. Give this one an empty folder.")
        restore(state, weights, optimiser)
        step, evaluated, loss = state["step"], state["evaluated"], state["loss"]
    emit("train-start", step=step, steps=steps, rows=len(rows), trained=sum(weight.numel() for weight in weights.values()),
         parameters=sum(parameter.numel() for parameter in network.parameters()))
    padding = tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id
    saved_at = time.monotonic()

    def evaluation_is_due() -> bool:
        return bool(held) and evaluated < step and (step == steps or step % (job.evaluate_every or an_epoch) == 0)

    while True:
        if evaluation_is_due() and (found := evaluate(network, held, job, padding, asked_to_stop)):
            evaluated = step
            if not math.isfinite(found["loss"]):
                raise JobError("loss-not-finite", f"The loss of the evaluation after step {step} is not a number. Lower the rate.")
            emit("evaluation-end", step=step, steps=steps, **{name: value for name, value in found.items() if name != "margin"})
        if step == steps and not evaluation_is_due():
            break
        stopping = asked_to_stop()
        if stopping or time.monotonic() - saved_at > job.checkpoint_seconds:
            kept = {name: parameter.detach() for name, parameter in weights.items()}
            save_checkpoint(file, {"weights": kept, "optimiser": optimiser.state_dict(), "generators": generators(job.device), "step": step,
                                   "evaluated": evaluated, "loss": loss, "digest": digest})
            saved_at = time.monotonic()
            emit("checkpoint-end", step=step, file=str(file))
        if stopping:
            return emit("train-stop", step=step, steps=steps)
        rate = learning_rate(job.rate, step, steps)
        for group in optimiser.param_groups:
            group["lr"] = rate
        chosen = rows_of_step(rows, job, step)
        means = take_step(network, optimiser, job, chosen, padding)
        loss = means["loss"]
        if not math.isfinite(loss):
            raise JobError("loss-not-finite", f"The loss of step {step + 1} is not a number. Lower the rate.")
        step += 1
        emit("step-end", step=step, steps=steps, rate=rate, tokens=sum(row.size for row in chosen), **means)
    emit("train-end", step=step, steps=steps, loss=loss, model=str(save_result(job, network)))
