"""The job: what to train, on what, how. Read strictly, so that a misspelt option is never a silent default."""
from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints


class JobError(Exception):
    """Ends the job with a code, what happened and what to do."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


ADAPTING = ("lora", "dpo")
NOT_DECIDING = {"out", "data", "base", "evaluation", "evaluate_every", "checkpoint_seconds"}


@dataclass(frozen=True)
class Job:
    method: Literal["lora", "full", "dpo", "pretrain"]
    """lora, full: answers are learned. dpo: an adapter learns which of two answers is better. pretrain: whole texts are learned."""
    base: str
    """A folder with a model as transformers saves it; safetensors only."""
    data: str
    """JSON lines: {"messages": […]} or {"prompt": …, "completion": …}; dpo: {"prompt", "chosen", "rejected"}; pretrain: {"text"}."""
    out: str
    """The folder for the checkpoint and, in `model/`, the result."""
    epochs: int = 1
    batch: int = 8
    accumulate: int = 1
    rate: float = 2e-4
    seed: int = 0
    longest: int = 512
    """Tokens of a row. A longer one is an error, since cutting it would teach half an answer; texts of pretrain are cut."""
    evaluation: str = ""
    """Rows of the same form that are not learned: the loss on them is told."""
    evaluate_every: int = 0
    """Steps between evaluations; 0 is an epoch. There is one at the end anyway."""
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    """What is computed in; auto is bfloat16 on a GPU that has it, else float32. Weights that are trained stay float32."""
    beta: float = 0.1
    """dpo: how strongly it is held near the base model."""
    from_scratch: bool = False
    """pretrain: only the base's config and tokenizer are taken, its weights are drawn anew."""
    rank: int = 8
    alpha: int = 16
    dropout: float = 0.0
    device: Literal["cpu", "cuda"] = "cpu"
    threads: int = 1
    checkpoint_seconds: float = 30

    @property
    def adapts(self) -> bool:
        """Whether an adapter is trained, and the base's weights stay as they are."""
        return self.method in ADAPTING

    def digest(self) -> str:
        """Names all that decides the result: a checkpoint of another job, or of other data, is not gone on from."""
        kept = {name: value for name, value in asdict(self).items() if name not in NOT_DECIDING}
        contents = [Path(self.data), *sorted(file for file in Path(self.base).iterdir() if file.suffix in {".safetensors", ".json", ".jinja"})]
        return hashlib.sha256(json.dumps([kept, *(file_digest(file) for file in contents)]).encode()).hexdigest()


def file_digest(file: Path) -> str:
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


AT_LEAST = {"epochs": 1, "batch": 1, "accumulate": 1, "longest": 2, "rank": 1, "alpha": 1, "threads": 1, "evaluate_every": 0, "rate": 0, "beta": 0, "dropout": 0, "checkpoint_seconds": 0}


def fits(value: Any, kind: Any) -> bool:
    if options := get_args(kind):
        return value in options
    if kind is bool:
        return isinstance(value, bool)
    return isinstance(value, (int, float) if kind is float else kind) and not isinstance(value, bool)


def parse_job(value: Any) -> Job:
    if not isinstance(value, dict):
        raise JobError("bad-job", "The job is not a JSON object.")
    kinds = get_type_hints(Job)
    if unknown := sorted(set(value) - set(kinds)):
        raise JobError("bad-job", f"The job has options that do not exist: {', '.join(unknown)}. There are: {', '.join(kinds)}.")
    for field in fields(Job):
        if field.name not in value and field.default is MISSING:
            raise JobError("bad-job", f'The job has no "{field.name}". Give it.')
        if field.name in value and not fits(value[field.name], kinds[field.name]):
            raise JobError("bad-job", f'"{field.name}" can not be {json.dumps(value[field.name])}. It is {kinds[field.name]}.')
    if small := [name for name, least in AT_LEAST.items() if value.get(name, least) < least]:
        raise JobError("bad-job", f"Too small: {', '.join(f'{name} (at least {AT_LEAST[name]})' for name in small)}.")
    job = Job(**value)
    if not Path(job.data).is_file():
        raise JobError("bad-job", f"There is no data file {job.data}.")
    if job.evaluation and not Path(job.evaluation).is_file():
        raise JobError("bad-job", f"There is no evaluation file {job.evaluation}.")
    if job.from_scratch and job.method != "pretrain":
        raise JobError("bad-job", f'"from_scratch" goes with the method pretrain, not with {job.method}: {job.method} changes a model that is there.')
    if job.from_scratch and not (Path(job.base) / "config.json").is_file():
        raise JobError("bad-job", f"There is no config.json in {job.base}, so no shape of a model to draw anew.")
    if not job.from_scratch and not list(Path(job.base).glob("*.safetensors")):
        raise JobError("bad-job", f"There are no safetensors weights in {job.base}. Pickled weights are not read.")
    return job
