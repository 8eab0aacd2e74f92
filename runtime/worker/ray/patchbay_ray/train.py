"""python -m patchbay_ray.train, as the entrypoint of a Ray job: runs the trainer and brings its files back.

The working directory holds `job.json`, the trainer and its inputs. What the trainer writes goes on to standard output; a
`ray-files` line follows where files are back: in the worker's own folder where this node sees it, else uploaded to the server.
"""
from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from .upload import Server, upload

LOCK = threading.Lock()


def say(message: dict[str, Any] | str) -> None:
    line = message if isinstance(message, str) else json.dumps(message, ensure_ascii=False) + "\n"
    with LOCK:
        sys.stdout.write(line)
        sys.stdout.flush()


def fail(code: str, message: str) -> int:
    say({"type": "train-error", "code": code, "message": message})
    return 1


class Way:
    """How files get back to the worker."""

    def __init__(self, given: dict[str, Any]):
        self.folder, self.server = Path(given.get("folder", os.devnull)), given.get("server")
        try:  # the worker wrote it there: only a node that sees the same folder can read it
            self.shared = (self.folder / "proof").read_text() == given["proof"]
        except OSError:
            self.shared = False
        self.out = self.folder / "out" if self.shared else Path(tempfile.mkdtemp(prefix="patchbay-ray-"))
        self.out.mkdir(parents=True, exist_ok=True)
        self.busy: threading.Thread | None = None

    def bring(self, of: str, files: list[Path], step: int) -> None:
        line: dict[str, Any] = {"type": "ray-files", "of": of, "step": step}
        if self.shared:
            return say({**line, "folder": str(files[0].parent)})
        server = Server(**self.server)
        say({**line, "files": {file.name: upload(server, file) for file in files}})

    def bring_checkpoint(self, file: Path, step: int) -> None:
        """Beside the training; one that comes while another is still on its way is left out, a newer one will follow."""
        if self.shared:
            return self.bring("checkpoint", [file], step)
        if self.busy and self.busy.is_alive():
            return
        kept = self.out / "uploading" / "checkpoint.pt"
        shutil.rmtree(kept.parent, ignore_errors=True)
        kept.parent.mkdir()
        os.link(file, kept)  # the trainer replaces its file by renaming
        self.busy = threading.Thread(target=self.try_bringing, args=(kept, step))
        self.busy.start()

    def try_bringing(self, file: Path, step: int) -> None:
        try:
            self.bring("checkpoint", [file], step)
        except OSError as problem:  # not worth the training: the next one may get through
            print(f"The checkpoint of step {step} could not be uploaded: {problem}", file=sys.stderr, flush=True)

    def wait(self) -> None:
        if self.busy:
            self.busy.join()

    def close(self) -> None:
        if not self.shared:
            shutil.rmtree(self.out, ignore_errors=True)


def prepare(way: Way) -> Path:
    job = json.loads(Path("job.json").read_text(encoding="utf-8"))
    for name in ("base", "data", "evaluation"):
        if name in job:
            job[name] = str(Path(job[name]).resolve())
            if not Path(job[name]).exists():
                raise FileNotFoundError(job[name])
    checkpoint = Path("checkpoint/checkpoint.pt")
    if checkpoint.exists() and not (way.out / "checkpoint.pt").exists():
        shutil.copy(checkpoint, way.out / "checkpoint.pt")
    file = way.out / "job.json"
    file.write_text(json.dumps({**job, "out": str(way.out)}), encoding="utf-8")
    return file


def follow(way: Way, trainer: subprocess.Popen[str]) -> None:
    stopped, stop_step = False, 0
    for line in trainer.stdout or []:
        say(line)
        try:
            message = json.loads(line)
        except ValueError:
            continue
        kind = message.get("type")
        if kind == "checkpoint-end":
            way.bring_checkpoint(Path(message["file"]), message["step"])
        elif kind == "train-stop":
            stopped, stop_step = True, message["step"]
        elif kind == "train-end":
            way.wait()
            way.bring("model", sorted(file for file in Path(message["model"]).iterdir() if file.is_file()), message["step"])
    way.wait()
    if stopped and not way.shared:  # the last one may have come while another was on its way
        way.bring("checkpoint", [way.out / "checkpoint.pt"], stop_step)


def main() -> int:
    # Ray signals the trainer too, which saves and ends; this process stays to bring back what it saved.
    signal.signal(signal.SIGTERM, lambda *_: None)
    way = Way(json.loads(os.environ.pop("PATCHBAY_RAY_JOB")))
    try:
        if not way.shared and not way.server:
            return fail("no-way-back", "This node does not see the worker's folder, and the worker has no server to upload to. Mount the folder on every node, or connect the worker to a server.")
        try:
            file = prepare(way)
        except FileNotFoundError as problem:
            return fail("bad-base", f"This node of the cluster has no {problem}. It is too large to be sent along: put it on every node under that path (a network file system).")
        trainer = subprocess.Popen(
            [sys.executable, "-B", "-u", "-m", "patchbay_trainer", str(file)], stdout=subprocess.PIPE, text=True, encoding="utf-8",
            env={**os.environ, "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"})
        follow(way, trainer)
        return trainer.wait()
    except OSError as problem:
        return fail("files-lost", f"The job's files could not be brought back: {problem}")
    finally:
        way.close()


if __name__ == "__main__":
    sys.exit(main())
