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


@dataclass(frozen=True)
class Job:
    method: Literal["lora", "full"]
    base: str
    """A folder with a model as transformers saves it; safetensors only."""
    data: str
    """A file of JSON lines: {"messages": […]} or {"prompt": …, "completion": …}."""
    out: str
    """The folder for the checkpoint and, in `model/`, the result."""
    epochs: int = 1
    batch: int = 8
    accumulate: int = 1
    rate: float = 2e-4
    seed: int = 0
    longest: int = 512
    """Tokens of a row; a longer one is an error, since cutting it would teach half an answer."""
    rank: int = 8
    alpha: int = 16
    dropout: float = 0.0
    device: Literal["cpu", "cuda"] = "cpu"
    threads: int = 1
    checkpoint_seconds: float = 30

    def digest(self) -> str:
        """Names all that decides the result: a checkpoint of another job, or of other data, is not gone on from."""
        kept = {name: value for name, value in asdict(self).items() if name not in {"out", "data", "base", "checkpoint_seconds"}}
        contents = [Path(self.data), *sorted(Path(self.base).glob("*.safetensors"))]
        return hashlib.sha256(json.dumps([kept, *(file_digest(file) for file in contents)]).encode()).hexdigest()


def file_digest(file: Path) -> str:
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


AT_LEAST = {"epochs": 1, "batch": 1, "accumulate": 1, "longest": 2, "rank": 1, "alpha": 1, "threads": 1, "rate": 0, "dropout": 0, "checkpoint_seconds": 0}


def fits(value: Any, kind: Any) -> bool:
    if options := get_args(kind):
        return value in options
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
    if not list(Path(job.base).glob("*.safetensors")):
        raise JobError("bad-job", f"There are no safetensors weights in {job.base}. Pickled weights are not read.")
    return job
