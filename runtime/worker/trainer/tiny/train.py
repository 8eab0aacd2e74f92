"""Trains the model: one process a core (or one on a GPU), gradients averaged, matrices updated by Muon.

    python -m tiny.train --out work --minutes 90                 # makes work/tokenizer first, unless it is there
    python -m tiny.train --out work --minutes 90 --resume        # goes on from the last checkpoint
    python -m tiny.train --out work --steps 2800                 # a number of steps in place of a time
    python -m tiny.train --out work --minutes 30 --device cuda --processes 1 --rows 256
    python -m tiny.train --out work --steps 4000 --start ../models/tiny   # from a model of this shape, not from nothing

Progress goes to <out>/progress.jsonl, the model to <out>/model with every checkpoint. When length is set by time, the
number of steps varies with the machine; with --steps, the same seed gives the same model on the same kind of machine.
"""
from __future__ import annotations

import argparse
import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer

from .batches import PackedBatches
from .checkpoint import load_checkpoint, newest, save_checkpoint
from .exchange import Exchange
from .model import Shape, TinyLlama, export, read_weights
from .tokenizer import build, save

WARM_UP_STEPS = 100
DECAY_FROM = 0.6
"""Share of the time after which the learning rate falls, linearly, to LOWEST_RATE of its height."""
LOWEST_RATE = 0.02
SAVE_EVERY = 120
"""Seconds between checkpoints."""


def read_options(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--steps", type=int, help="train for this many steps; --minutes then has no say")
    parser.add_argument("--stop-at", type=int, help="save and stop after this step, to go on later with --resume")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--device", choices=["cpu", "cuda"], default="cpu")
    parser.add_argument("--rows", type=int, default=12, help="rows a process takes each step")
    parser.add_argument("--length", type=int, default=256, help="tokens a row")
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--precision", choices=["auto", "float32", "bfloat16"], default="auto", help="auto: the one that this machine multiplies faster")
    parser.add_argument("--no-compile", action="store_true")
    parser.add_argument("--start", help="begin with the weights and the tokenizer of this model, not from nothing, and with the whole table of tasks at once")
    parser.add_argument("--resume", action="store_true")
    return parser.parse_args(arguments)


def chosen_shape(options: argparse.Namespace) -> Shape:
    vocabulary = Tokenizer.from_file(str(options.out / "tokenizer" / "tokenizer.json")).get_vocab_size()
    return Shape(vocabulary=vocabulary, width=options.width, layers=options.layers, feed_forward=options.width * 8 // 3 // 32 * 32)


def learning_rate(highest: float, step: int, progress: float) -> float:
    warm_up = min(1.0, (step + 1) / WARM_UP_STEPS)
    decay = 1.0 if progress < DECAY_FROM else max(LOWEST_RATE, (1 - progress) / (1 - DECAY_FROM))
    return highest * warm_up * decay


def faster_precision(device: str) -> torch.dtype:
    """A CPU without instructions for bfloat16 was seen to multiply it 20 times slower than float32; one with them, twice as fast."""

    def seconds(dtype: torch.dtype) -> float:
        left, right = torch.ones(1024, 192, dtype=dtype, device=device), torch.ones(192, 512, dtype=dtype, device=device)
        (left @ right).sum().item()
        started = time.perf_counter()
        for _ in range(5):
            (left @ right).sum().item()
        return time.perf_counter() - started

    return min(torch.float32, torch.bfloat16, key=seconds)


def settled_precision(options: argparse.Namespace) -> str:
    """Decided once, for all processes and all parts of a training: two looks at a busy machine may name two winners."""
    if options.precision != "auto":
        return options.precision
    if options.resume:
        return newest(options.out, 0, options.processes)["settings"]["precision"]
    return "bfloat16" if options.device == "cuda" else str(faster_precision(options.device)).removeprefix("torch.")


class SharedOptimiser:
    """Muon for the matrices inside the blocks, each process updating its share of them; AdamW for the rest."""

    def __init__(self, model: TinyLlama, rank: int, exchange: Exchange):
        self.rank, self.exchange = rank, exchange
        matrices = [p for name, p in model.named_parameters() if p.ndim == 2 and "embedding" not in name]
        others = [p for name, p in model.named_parameters() if p.ndim != 2 or "embedding" in name]
        self.shares = [matrices[owner :: exchange.processes] for owner in range(exchange.processes)]
        self.muon = torch.optim.Muon(self.shares[rank], lr=1.0, momentum=0.95, weight_decay=0.0, adjust_lr_fn="match_rms_adamw")
        self.adam = torch.optim.AdamW(others, lr=1.0, betas=(0.9, 0.98), weight_decay=0.0)

    def step(self, rate: float) -> None:
        for optimiser in (self.muon, self.adam):
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
        self.exchange.share(self.rank, self.shares)

    def state(self) -> dict:
        return {"muon": self.muon.state_dict(), "adam": self.adam.state_dict()}

    def restore(self, state: dict) -> None:
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])


DECIDING = ("seed", "processes", "rows", "length", "width", "layers", "rate", "steps", "minutes", "precision", "start")
"""The options that a training must keep when it goes on."""


def settings_of(options: argparse.Namespace) -> dict[str, object]:
    return {name: getattr(options, name) for name in DECIDING if not (name == "minutes" and options.steps)}


def progress_of(options: argparse.Namespace, run: dict) -> float:
    """How far training is, from 0 to 1."""
    return run["step"] / options.steps if options.steps else run["seconds"] / (60 * options.minutes)


def report(out: Path, **fields: object) -> None:
    line = json.dumps(fields)
    print(line, flush=True)
    with open(out / "progress.jsonl", "a") as log:
        log.write(line + "\n")


def export_all(model: TinyLlama, out: Path) -> None:
    export(model, out / "model")
    for file in (out / "tokenizer").iterdir():
        shutil.copy(file, out / "model" / file.name)


def train(rank: int, options: argparse.Namespace, exchange: Exchange) -> None:
    torch.set_num_threads(1)  # with matrices this small, two threads are slower than one
    torch.manual_seed(options.seed)
    tokenizer = Tokenizer.from_file(str(options.out / "tokenizer" / "tokenizer.json"))
    model = TinyLlama(chosen_shape(options)).to(options.device)
    if options.start:
        read_weights(model, Path(options.start))
    optimiser = SharedOptimiser(model, rank, exchange)
    batches = PackedBatches(tokenizer, options.rows, options.length, seed=options.seed * 1000 + rank)
    run = {"step": 0, "seconds": 0.0, "tokens": 0, "loss": 0.0}
    if options.resume:
        state = load_checkpoint(options.out, rank, options.processes, settings_of(options))
        model.load_state_dict(state["model"])
        optimiser.restore(state["optimiser"])
        batches.restore(state["batches"])
        run = state["run"]
    read = model.hidden_states if options.no_compile else torch.compile(model.hidden_states, dynamic=False)
    if rank == 0:
        report(options.out, event="start", parameters=sum(p.numel() for p in model.parameters()), vocabulary=model.shape.vocabulary, **run)
    progress, last_saved, seconds_before = progress_of(options, run), run["seconds"], run["seconds"]
    started = time.time()
    while progress < 1 and run["step"] != options.stop_at:
        batch = batches.next(1.0 if options.start else progress)
        tokens, positions, documents, targets, weights = (
            part.to(options.device) for part in (batch.tokens, batch.positions, batch.documents, batch.targets, batch.weights)
        )
        with torch.autocast(options.device, torch.bfloat16, enabled=options.precision == "bfloat16"):
            loss = model.answer_loss(read(tokens, positions, documents), targets, weights)
        model.zero_grad()
        loss.backward()
        seconds = seconds_before + time.time() - started
        gradients = [parameter.grad for parameter in model.parameters()]
        mean_loss, used, seconds = exchange.average(rank, gradients, [loss.item(), float(batch.used), seconds])
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        rate = learning_rate(options.rate, run["step"], progress)
        optimiser.step(rate)
        run["step"] += 1
        run["seconds"] = seconds
        progress = progress_of(options, run)
        run["tokens"] += int(used * options.processes)
        smoothing = min(0.98, 1 - 1 / run["step"])
        run["loss"] = smoothing * run["loss"] + (1 - smoothing) * mean_loss
        if rank == 0 and run["step"] % 50 == 0:
            report(options.out, step=run["step"], loss=round(run["loss"], 4), seconds=round(seconds), tokens=run["tokens"],
                   tokens_per_second=round(run["tokens"] / seconds), rate=round(rate, 6))
        if seconds - last_saved > SAVE_EVERY or progress >= 1 or run["step"] == options.stop_at:
            last_saved = seconds
            state = {"model": model.state_dict(), "optimiser": optimiser.state(), "batches": batches.state(), "run": run}
            save_checkpoint(options.out, rank, run["step"], {**state, "settings": settings_of(options)})
            if rank == 0:
                export_all(model, options.out)
    if rank == 0:
        report(options.out, event="done" if progress >= 1 else "stopped", **run)


def main(arguments: Sequence[str] | None = None) -> None:
    options = read_options(arguments)
    if not (options.out / "tokenizer" / "tokenizer.json").exists():
        save(Tokenizer.from_file(str(Path(options.start) / "tokenizer.json")) if options.start else build(), options.out / "tokenizer")
    options.precision = settled_precision(options)
    parameters = sum(parameter.numel() for parameter in TinyLlama(chosen_shape(options)).parameters())
    exchange = Exchange.create(options.processes, parameters + 16)
    if options.processes == 1:
        train(0, options, exchange)
    else:
        torch.multiprocessing.spawn(train, args=(options, exchange), nprocs=options.processes)


if __name__ == "__main__":
    main()
